/**
 * What the controller keeps while the keys of disks are replaced: new passphrases, and encrypted
 * copies of LUKS headers. Does for the engine what it asks for, with secrets and files.
 */
@NullMarked
package org.workr.vault;

import org.jspecify.annotations.NullMarked;
