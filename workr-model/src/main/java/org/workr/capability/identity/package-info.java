/** What makes a clone a machine of its own: host name, machine-id, SSH host keys. */
@NullMarked
package org.workr.capability.identity;

import org.jspecify.annotations.NullMarked;
