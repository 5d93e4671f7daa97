package org.workr.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.workr.connection.SecretPayload;
import org.workr.render.Shell;
import org.workr.secret.Secret;

/**
 * How a script gets to root on a host: one command line that every account may see, and a stdin
 * that nobody does.
 *
 * <p>Stdin holds, in this order: a line for each password that sudo may want; a line with the nonce
 * and the script's length in bytes; the script; the lines that the script reads. A script that
 * arrives cut off is not run at all. Passwords that sudo did not want are skipped.
 *
 * <p>sudo decides by itself whether it wants a password ({@code -n -k} first, sudo(8)), so one exec
 * is enough either way, and the script is told ({@code WORKR_SUDO} is {@code free} or {@code
 * asks}); and when it refuses the first line it reads the next one, so a host may still have its
 * old password or already the new one.
 */
final class RootScript {
  /** Ends the boot code when stdin had no script: sudo read it as passwords. */
  static final int NO_SCRIPT = 99;

  /** Ends the boot code, or a script, when its stdin was cut off. */
  static final int CUT_OFF = 98;

  /** Ends a script when another one keeps the host's lock. */
  static final int LOCKED = 97;

  /** Ends a script when another run has changed the host since it was probed. */
  static final int OVERTAKEN = 96;

  /**
   * Ends a script that has come to a machine on which the run has not been, or not since a boot.
   */
  static final int ANOTHER = 95;

  private static final String AS_USER =
      """
      b=$1; n=$2; c=$SSH_CONNECTION
      if [ "$(id -u)" = 0 ]; then exec sh -c "$b" workr "$n" "$c"; fi
      if sudo -n -k true </dev/null >/dev/null 2>&1; then exec sudo -n -- sh -c "$b" workr "$n" "$c" free; fi
      exec sudo -k -S -p "" -- sh -c "$b" workr "$n" "$c" asks
      """;

  private static final String AS_ROOT =
      """
      n=$1; s=
      export WORKR_SSH_CONNECTION="$2" WORKR_SUDO="${3-}" LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      umask 022; ulimit -c 0; cd /
      while IFS= read -r l; do case $l in "$n "*) s=${l#"$n "}; break;; esac; done
      [ -n "$s" ] || exit %d
      t=$(head -c "$s"; printf x); t=${t%%x}
      [ "${#t}" -eq "$s" ] || exit %d
      printf "%%s root\\n" "$n"
      eval "$t"
      """
          .formatted(NO_SCRIPT, CUT_OFF);

  private RootScript() {}

  /** The command line: always the same but for the nonce. */
  static String command(String nonce) {
    return "exec "
        + Shell.command(List.of("sh", "-c", oneLine(AS_USER), "workr", oneLine(AS_ROOT), nonce));
  }

  /** The first line of stdout when root has the script and begins. */
  static String greeting(String nonce) {
    return nonce + " root";
  }

  /**
   * The stdin.
   *
   * @param passwords what sudo may want, likeliest first; at most two, as sudo asks three times
   * @param inputs lines for the script, without line ends
   */
  static SecretPayload stdin(
      String nonce, List<Secret> passwords, String script, List<byte[]> inputs) {
    SecretPayload payload = new SecretPayload();
    for (Secret password : passwords) {
      password.reveal(payload::secret);
      payload.text("\n");
    }
    int size = script.getBytes(StandardCharsets.UTF_8).length;
    payload.text(nonce + " " + size + "\n" + script);
    for (byte[] input : inputs) {
      payload.secret(input).text("\n");
    }
    return payload;
  }

  private static String oneLine(String script) {
    return script.strip().replace("\n", "; ");
  }
}
