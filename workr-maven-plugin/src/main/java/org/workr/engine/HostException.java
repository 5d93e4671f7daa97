package org.workr.engine;

import java.io.Serial;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException;
import org.workr.value.InvalidValueException;

/** A host could not be worked on. */
final class HostException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String reason;
  private final ConnectionException.@Nullable Kind kind;
  private final boolean silence;

  /** Trouble of a host that is connected. */
  HostException(String reason) {
    this(reason, null, false, null);
  }

  private HostException(
      String reason,
      ConnectionException.@Nullable Kind kind,
      boolean silence,
      @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
    this.kind = kind;
    this.silence = silence;
  }

  /** The same trouble, told by a connection. */
  static HostException of(ConnectionException e) {
    return new HostException(String.valueOf(e.getMessage()), e.kind(), e.isSilence(), e);
  }

  /** What nobody thought of: one host's trouble must not become that of all. */
  static HostException unexpected(RuntimeException e) {
    String said = String.valueOf(e.getMessage());
    boolean told = e instanceof UncheckedIOException || e instanceof InvalidValueException;
    return new HostException(
        told ? said : "a defect of workr, please report it: " + e, null, false, e);
  }

  /** One trouble for each address that was tried; at least one. */
  static HostException all(List<HostException> failures) {
    if (failures.size() == 1) {
      return failures.get(0);
    }
    // A rejected key says more than an address where nobody answers.
    HostException telling =
        failures.stream()
            .filter(failure -> failure.kind != ConnectionException.Kind.UNREACHABLE)
            .findFirst()
            .orElse(failures.get(0));
    return new HostException(
        Stream.concat(Stream.of(telling), failures.stream().filter(failure -> failure != telling))
            .map(HostException::reason)
            .collect(Collectors.joining("\n")),
        telling.kind,
        failures.stream().allMatch(HostException::isSilence),
        telling);
  }

  /** The same, of a host that has given a sign before. */
  HostException afterASign() {
    return new HostException(reason, kind, false, this);
  }

  /** The same with one more sentence. */
  HostException with(String sentence) {
    return new HostException(reason + " " + sentence, kind, silence, this);
  }

  /** What happened and what to do, for a person; without a secret. */
  String reason() {
    return reason;
  }

  /** Whether there is no sign of a machine at any of its addresses. */
  boolean isSilence() {
    return silence;
  }

  /** What became of the connection, when that was the trouble. */
  Optional<ConnectionException.Kind> kind() {
    return Optional.ofNullable(kind);
  }
}
