/** The encrypted disk of a host: what unlocks it, and how often its keys change. */
@NullMarked
package org.workr.capability.disk;

import org.jspecify.annotations.NullMarked;
