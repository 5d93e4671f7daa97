package org.workr.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

/**
 * Makes up the secrets that are missing and may be made up, into the project's keystore. Running it
 * again makes nothing.
 */
public final class SecretMaker {
  private final SecretStore store;
  private final SecretWords words = new SecretWords();

  /** Makes them into the keystore of {@code store}. */
  public SecretMaker(SecretStore store) {
    this.store = store;
  }

  /**
   * What was done.
   *
   * @param made the new ones
   * @param lines for each need in order one line that says where it is, and one where another is to
   *     replace it; without a value
   */
  public record Made(List<SecretName> made, List<String> lines) {

    /** Copies the lists. */
    public Made {
      made = List.copyOf(made);
      lines = List.copyOf(lines);
    }
  }

  /**
   * Makes up what is missing among {@code needs}; all of it is on the disk when this returns.
   *
   * @throws SecretException when a place cannot be read, or the keystore's password is not given,
   *     wrong, or, for a keystore that is yet to be made, easy to guess; nothing was stored then
   */
  public Made make(List<SecretNeed> needs) throws SecretException {
    List<SecretName> made = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<Secret> secrets = new ArrayList<>();
    try {
      for (SecretNeed need : needs) {
        SecretName name = need.name();
        Optional<Origin> origin = store.origin(need.names());
        if (origin.isPresent()) {
          lines.add(line(name, "from " + origin.get()));
          if (need.installed() && store.kept(origin.get())) {
            store
                .origin(name.pending())
                .ifPresent(
                    pending ->
                        lines.add(
                            line(
                                name.pending(),
                                "from "
                                    + pending
                                    + ", to replace "
                                    + name
                                    + " when it is proven")));
          }
        } else if (need.installed()) {
          secrets.add(words.make(name));
          made.add(name);
          lines.add(line(name, "made up, in " + store.keystoreName()));
        } else if (need.required()) {
          lines.add(line(name, "MISSING: " + need.purpose()));
        } else {
          lines.add(line(name, "not given: " + need.purpose()));
        }
      }
      if (!secrets.isEmpty()) {
        store.keystoreToWrite().add(secrets);
      }
      return new Made(made, lines);
    } finally {
      secrets.forEach(Secret::close);
    }
  }

  private static String line(SecretName name, String what) {
    return name + ": " + what;
  }
}
