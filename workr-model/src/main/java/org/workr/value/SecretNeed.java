package org.workr.value;

import java.util.List;
import java.util.Optional;

/**
 * A secret that a cluster asks for.
 *
 * @param names where it is looked up, in this order; one at least
 * @param host the host that it is for; empty when all hosts share it
 * @param kind what it is for
 * @param required whether nothing can be done without it
 * @param installed whether workr puts it on the host, so that it must be strong, is no other
 *     host's, and may be made up
 * @param purpose what it is used for; a phrase that can stand behind its name
 */
public record SecretNeed(
    List<SecretName> names,
    Optional<Hostname> host,
    SecretKind kind,
    boolean required,
    boolean installed,
    String purpose) {

  /** Copies the list. */
  public SecretNeed {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("A secret without a name: " + purpose);
    }
  }

  /** The secret {@code what} of one host, which has it already. */
  public static SecretNeed ofHost(
      Host host, String what, SecretKind kind, boolean required, String purpose) {
    return new SecretNeed(
        List.of(host.secret(what)), Optional.of(host.hostname()), kind, required, false, purpose);
  }

  /** The secret {@code what} that workr puts on one host. */
  public static SecretNeed installedOn(Host host, String what, SecretKind kind, String purpose) {
    return new SecretNeed(
        List.of(host.secret(what)), Optional.of(host.hostname()), kind, true, true, purpose);
  }

  /** The secret {@code what} of one host, or of the cluster where the host has none of its own. */
  public static SecretNeed ofHostOrCluster(
      Host host, String what, SecretKind kind, boolean required, String purpose) {
    return new SecretNeed(
        List.of(host.secret(what), SecretName.ofCluster(host.cluster(), what)),
        Optional.of(host.hostname()),
        kind,
        required,
        false,
        purpose);
  }

  /** The secret {@code what} that all hosts share. */
  public static SecretNeed ofCluster(
      Host host, String what, SecretKind kind, boolean required, String purpose) {
    return new SecretNeed(
        List.of(SecretName.ofCluster(host.cluster(), what)),
        Optional.empty(),
        kind,
        required,
        false,
        purpose);
  }

  /** The name under which a new one is stored. */
  public SecretName name() {
    return names.get(0);
  }
}
