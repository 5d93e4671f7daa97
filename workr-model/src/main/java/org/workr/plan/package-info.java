/**
 * What would be done, as values: printable, comparable, storable as JSON, without a secret in them.
 */
@NullMarked
package org.workr.plan;

import org.jspecify.annotations.NullMarked;
