package org.workr.facts;

import java.util.List;
import java.util.function.Function;
import org.workr.value.SecretName;

/**
 * One thing to know about a host: a shell probe that changes nothing, and a pure parser of what it
 * prints.
 *
 * <p>The probe is POSIX shell or Perl, run as root in a subshell with {@code LC_ALL=C} and nothing
 * on stdin. Exit status 0 means that it could see; what it printed is then parsed. Every other
 * status, and a parser that throws {@link IllegalArgumentException}, make the fact {@linkplain
 * Reading.Unknown unknown}. So a probe must print something for "absent" and not just fail.
 *
 * <p>Facts are told apart by their id alone: two capabilities may share one.
 *
 * @param <T> what the parser makes of it
 */
public final class Fact<T> {
  private final String id;
  private final boolean perl;
  private final String shared;
  private final String own;
  private final List<SecretName> secrets;
  private final Function<String, T> parser;

  private Fact(
      String id,
      boolean perl,
      String shared,
      String own,
      List<SecretName> secrets,
      Function<String, T> parser) {
    if (!id.matches("[a-z0-9][a-z0-9.-]*")) {
      throw new IllegalArgumentException("not a fact's id: " + id);
    }
    this.id = id;
    this.perl = perl;
    this.shared = shared;
    this.own = own;
    this.secrets = List.copyOf(secrets);
    this.parser = parser;
  }

  /**
   * A fact that {@code probe} prints.
   *
   * @param id such as {@code network.backend}: the capability's name, a dot, the thing
   * @param parser gets stdout without the line ends at its end
   */
  public static <T> Fact<T> of(String id, String probe, Function<String, T> parser) {
    return new Fact<>(id, false, "", probe, List.of(), parser);
  }

  /**
   * A fact that {@code probe} prints, with what {@code shared} has made before: shell functions and
   * variables. What facts of a host share runs once for all of them. When it exits, they are all
   * unknown.
   */
  public static <T> Fact<T> sharing(
      String id, String shared, String probe, Function<String, T> parser) {
    return new Fact<>(id, false, shared, probe, List.of(), parser);
  }

  /**
   * A fact that Perl prints, which is much cheaper than shell where files are read. It is unknown
   * when the code dies. It must not exit, and may use {@code content PATH}: what is in a file, and
   * undefined when there is none.
   *
   * @param code the body of a subroutine
   */
  public static <T> Fact<T> perl(String id, String code, Function<String, T> parser) {
    return new Fact<>(id, true, "", code, List.of(), parser);
  }

  /**
   * A fact that is the content of a file.
   *
   * @param absent what it is when there is no such file
   */
  public static Fact<String> file(String id, String path, String absent) {
    return perl(id, "print content(\"" + path + "\") // \"" + absent + "\";", Function.identity());
  }

  /** A fact that is the text which {@code probe} prints. */
  public static Fact<String> text(String id, String probe) {
    return of(id, probe, Function.identity());
  }

  /** A fact whose probe prints {@code yes} or {@code no}. */
  public static Fact<Boolean> flag(String id, String probe) {
    return of(id, probe, Fact::yesOrNo);
  }

  /**
   * A yes-or-no fact whose probe reads a secret, one line, from its stdin. The probe must not let
   * the secret reach an argument, the environment, a file or its output.
   */
  public static Fact<Boolean> flagWithSecret(String id, SecretName secret, String probe) {
    return withSecrets(id, List.of(secret), probe, Fact::yesOrNo);
  }

  /**
   * A fact whose probe reads secrets from its stdin, a line each; the line of one that is not known
   * is empty. The probe must not let them reach an argument, the environment, a file or its output.
   */
  public static <T> Fact<T> withSecrets(
      String id, List<SecretName> secrets, String probe, Function<String, T> parser) {
    return new Fact<>(id, false, "", probe, secrets, parser);
  }

  private static Boolean yesOrNo(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("neither yes nor no: '" + text + "'");
    };
  }

  /** What tells it apart. */
  public String id() {
    return id;
  }

  /** The shell text, whole. */
  public String probe() {
    return perl ? PerlProbes.alone(own) : shared + own;
  }

  /** Whether it is Perl, and not shell. */
  boolean perl() {
    return perl;
  }

  /** The part of it that other facts may have, too; empty for none. */
  String shared() {
    return shared;
  }

  /** The rest. */
  String own() {
    return own;
  }

  /** The secrets that the probe wants on stdin. */
  public List<SecretName> secrets() {
    return secrets;
  }

  /** What {@code output}, a probe's stdout, says. */
  public Reading<T> read(String output) {
    try {
      return new Reading.Known<>(parser.apply(output));
    } catch (IllegalArgumentException e) {
      return new Reading.Unknown<>("the probe printed something unexpected: " + e.getMessage());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fact<?> fact && fact.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
