package org.workr.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.workr.plan.SecretInput;
import org.workr.secret.Crypt;
import org.workr.secret.Secret;
import org.workr.value.SecretName;

/** Lines of stdin made from secrets. Whoever asks for one wipes it. */
final class SecretLines {
  private SecretLines() {}

  /** The secret itself. */
  static byte[] plain(Secrets secrets, SecretName name) throws HostException {
    try (Secret secret = find(secrets, name)) {
      return secret.reveal(bytes -> bytes.clone());
    }
  }

  /** The secret itself; nothing when it is not known. */
  static byte[] ifKnown(Secrets secrets, SecretName name) throws HostException {
    Optional<Secret> known = secrets.find(name);
    known.ifPresent(Secret::close);
    return known.isPresent() ? plain(secrets, name) : new byte[0];
  }

  /** What a step wants to read. */
  static byte[] of(Secrets secrets, SecretInput input) throws HostException {
    byte[] prefix = input.prefix().getBytes(StandardCharsets.UTF_8);
    byte[] value = value(secrets, input);
    byte[] line = Arrays.copyOf(prefix, prefix.length + value.length);
    System.arraycopy(value, 0, line, prefix.length, value.length);
    Arrays.fill(value, (byte) 0);
    return line;
  }

  private static byte[] value(Secrets secrets, SecretInput input) throws HostException {
    if (input.form() == SecretInput.Form.PLAIN) {
      return plain(secrets, input.secret());
    }
    try (Secret secret = find(secrets, input.secret())) {
      return Crypt.sha512(secret);
    }
  }

  private static Secret find(Secrets secrets, SecretName name) throws HostException {
    return secrets
        .find(name)
        .orElseThrow(
            () ->
                new HostException(
                    "the secret "
                        + name
                        + " is not known. Give it as environment variable "
                        + name.environmentVariable()
                        + ", as <server> with that id in settings.xml, or run mvn workr:secrets."));
  }

  /** Overwrites lines that have been used. */
  static void wipe(List<byte[]> lines) {
    lines.forEach(line -> Arrays.fill(line, (byte) 0));
  }
}
