/** The R side of a cluster: what an analyst loads, made from the declaration and what is locked. */
@NullMarked
package org.workr.rcluster;

import org.jspecify.annotations.NullMarked;
