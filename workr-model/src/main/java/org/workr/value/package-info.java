/** The small checked values of a cluster: what parses here is right everywhere else. */
@NullMarked
package org.workr.value;

import org.jspecify.annotations.NullMarked;
