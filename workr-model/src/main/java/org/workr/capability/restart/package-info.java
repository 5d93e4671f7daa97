/** Restarting a host when something needs it. */
@NullMarked
package org.workr.capability.restart;

import org.jspecify.annotations.NullMarked;
