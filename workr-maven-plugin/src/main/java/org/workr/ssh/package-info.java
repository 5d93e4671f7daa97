/**
 * Connections by sshj, the only package that knows it.
 *
 * <p>Everything of sshj that bites is dealt with here and nowhere else: see {@link
 * org.workr.ssh.SshjConnector}.
 */
@NullMarked
package org.workr.ssh;

import org.jspecify.annotations.NullMarked;
