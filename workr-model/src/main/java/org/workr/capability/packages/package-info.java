/** What is installed on a host, and from where. */
@NullMarked
package org.workr.capability.packages;

import org.jspecify.annotations.NullMarked;
