/** The serial console of a host. */
@NullMarked
package org.workr.capability.console;

import org.jspecify.annotations.NullMarked;
