/** The container in which the analysts' R runs. */
@NullMarked
package org.workr.capability.container;

import org.jspecify.annotations.NullMarked;
