/**
 * Writing files of the controller so that a reader, a crash or a full disk never sees half of one.
 */
@NullMarked
package org.workr.file;

import org.jspecify.annotations.NullMarked;
