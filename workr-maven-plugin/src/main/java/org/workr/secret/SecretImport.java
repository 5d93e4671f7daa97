package org.workr.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.InvalidValueException;
import org.workr.value.SecretName;

/**
 * Copies secrets that a person has in the environment or in settings.xml into the project's
 * keystore, because workr can replace only those. Running it again copies nothing.
 */
public final class SecretImport {
  private static final String PARAMETER = "workr.import";

  private SecretImport() {}

  /**
   * Copies those whose names a person wrote, all or none of them.
   *
   * @param names with commas between them
   * @return for each one line that says what was done, without a value
   * @throws SecretException when one is no name, is given nowhere, or is in the keystore with
   *     another value; or when the keystore cannot be written
   */
  public static List<String> copy(SecretStore store, String names) throws SecretException {
    List<String> lines = new ArrayList<>();
    List<Secret> copies = new ArrayList<>();
    try {
      Keystore keystore = store.keystoreToWrite();
      for (SecretName name : parse(names)) {
        refuseThePassword(name, keystore);
        Optional<SecretStore.Found> given = store.given(name);
        Optional<Secret> kept = keystore.find(name);
        try {
          lines.add(name + ": " + what(name, given, kept, keystore));
          if (kept.isEmpty()) {
            given.ifPresent(one -> copies.add(one.secret().as(name)));
          }
        } finally {
          kept.ifPresent(Secret::close);
          given.ifPresent(one -> one.secret().close());
        }
      }
      if (!copies.isEmpty()) {
        keystore.add(copies);
      }
      return lines;
    } finally {
      copies.forEach(Secret::close);
    }
  }

  private static String what(
      SecretName name, Optional<SecretStore.Found> given, Optional<Secret> kept, Keystore keystore)
      throws SecretException {
    if (given.isEmpty() && kept.isEmpty()) {
      throw refused(
          "'" + name + "' is neither in the environment nor in settings.xml",
          "Set the environment variable "
              + name.environmentVariable()
              + ", or add to settings.xml a <server> with the id "
              + name
              + " and the password.");
    }
    if (given.isEmpty()) {
      return "in " + keystore + " already, and nowhere else";
    }
    Origin origin = given.get().origin();
    if (kept.isPresent() && !kept.get().sameAs(given.get().secret())) {
      throw refused(
          "'" + name + "' is in " + keystore + " with another value than " + origin,
          "Find out which one is right (mvn workr:secrets -Dworkr.show="
              + name
              + " shows that of "
              + origin
              + "). When it is the keystore's, remove the other one there.");
    }
    return (kept.isPresent() ? "in " : "copied to ")
        + keystore
        + (kept.isPresent() ? " already" : "")
        + "; now remove "
        + origin
        + ", which goes before it";
  }

  private static void refuseThePassword(SecretName name, Keystore keystore) throws SecretException {
    try (Secret password = keystore.password()) {
      if (password.name().equals(name)) {
        throw refused(
            "'" + name + "' opens the keystore, so it cannot be in it", "Leave it where it is.");
      }
    }
  }

  private static Iterable<SecretName> parse(String names) throws SecretException {
    TreeSet<SecretName> parsed = new TreeSet<>();
    for (String name : Stream.of(names.split(",", -1)).map(String::strip).toList()) {
      try {
        parsed.add(new SecretName(name));
      } catch (InvalidValueException e) {
        throw refused(e.summary(), e.hint());
      }
    }
    return parsed;
  }

  private static SecretException refused(String summary, String hint) {
    return new SecretException(Diagnostic.error(PARAMETER, summary, hint));
  }
}
