package org.workr.connection;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.workr.value.Hostname;

/**
 * What to log in with. Every {@code char[]} that these methods hand out is a fresh copy that
 * belongs to the receiver, who overwrites it after use. Asked by several threads at once, and only
 * after a server has proved an accepted host key.
 */
public interface Credentials {

  /** The private key, tried first: OpenSSH, PEM or PKCS #8 format, encrypted or not. */
  Optional<Path> privateKeyFile();

  /** What decrypts the private key; asked only when it is encrypted. */
  Optional<char[]> privateKeyPassphrase();

  /**
   * Login passwords for a host, tried in this order when no key was accepted. Keep it short:
   * servers count attempts.
   *
   * @param hostname the host's name in the cluster
   */
  List<Supplier<char[]>> passwords(Hostname hostname);
}
