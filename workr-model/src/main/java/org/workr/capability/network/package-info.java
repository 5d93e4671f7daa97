/** The static address of a host, set so that no mistake loses the machine. */
@NullMarked
package org.workr.capability.network;

import org.jspecify.annotations.NullMarked;
