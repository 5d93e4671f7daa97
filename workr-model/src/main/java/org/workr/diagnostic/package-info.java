/** Problems as values: collected, sorted and shown together, never thrown one by one. */
@NullMarked
package org.workr.diagnostic;

import org.jspecify.annotations.NullMarked;
