package org.workr.value;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name under which a secret is looked up; never the secret itself.
 *
 * @param value {@code <cluster>.<host>.<what>} or, where sharing is harmless, {@code
 *     <cluster>.<what>}; for example {@code stats.workr1.login}
 */
public record SecretName(String value) implements Comparable<SecretName> {
  private static final String CURRENT = ".current";
  private static final String PENDING = ".pending";
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+){1,3}");

  /** Refuses names that could not be one environment variable and one server id. */
  public SecretName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not the name of a secret",
          "Use lower-case words with dots, such as stats.workr1.luks.");
    }
  }

  /** The secret {@code what} of one host. */
  public static SecretName ofHost(String cluster, Hostname host, String what) {
    return new SecretName(cluster + "." + host + "." + what);
  }

  /** The secret {@code what} that all hosts of a cluster share. */
  public static SecretName ofCluster(String cluster, String what) {
    return new SecretName(cluster + "." + what);
  }

  /** The name of what a host has in this secret's place until it gets this one. */
  public SecretName current() {
    return new SecretName(value + CURRENT);
  }

  /** Whether it is what hosts have already, clones of the template among them. */
  public boolean isCurrent() {
    return value.endsWith(CURRENT);
  }

  /** The name of what is to replace this secret, and may or may not be on the host. */
  public SecretName pending() {
    return new SecretName(value + PENDING);
  }

  /** The name of the secret that this one is to replace; empty when it is none that replaces. */
  public Optional<SecretName> replaced() {
    return value.endsWith(PENDING)
        ? Optional.of(new SecretName(value.substring(0, value.length() - PENDING.length())))
        : Optional.empty();
  }

  /** The environment variable that can hold it, for example {@code WORKR_STATS_WORKR1_LOGIN}. */
  public String environmentVariable() {
    return "WORKR_" + value.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  @Override
  public int compareTo(SecretName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
