/**
 * What every goal wants to know of a machine before it does anything: it changes nothing, it only
 * says what speaks against touching the machine.
 */
@NullMarked
package org.workr.capability.platform;

import org.jspecify.annotations.NullMarked;
