/**
 * Secrets: the type that cannot become text, where they come from, whether they are fit for use,
 * and how they are made. Knows no Maven, no connection and no plan.
 */
@NullMarked
package org.workr.secret;

import org.jspecify.annotations.NullMarked;
