/** Tang servers: hosts that answer when the disks of others ask for what unlocks them. */
@NullMarked
package org.workr.capability.tang;

import org.jspecify.annotations.NullMarked;
