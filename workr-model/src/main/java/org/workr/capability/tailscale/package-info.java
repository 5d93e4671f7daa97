/** Joining a host to a tailnet. */
@NullMarked
package org.workr.capability.tailscale;

import org.jspecify.annotations.NullMarked;
