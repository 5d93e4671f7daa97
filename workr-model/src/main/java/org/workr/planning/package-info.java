/** From a spec and facts to a plan: the list of capabilities, and the pure function over it. */
@NullMarked
package org.workr.planning;

import org.jspecify.annotations.NullMarked;
