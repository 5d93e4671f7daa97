package org.workr.connection;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.workr.value.Fingerprint;
import org.workr.value.SshPublicKey;

/** A connection to one host, logged in. Several commands may run on it side by side. */
public interface Connection extends AutoCloseable {

  /** Most bytes of one line of stdout that are delivered; the rest of a longer line is dropped. */
  int LONGEST_LINE = 1 << 20;

  /** What a line of stdout that was longer than {@link #LONGEST_LINE} ends with. */
  String CUT_MARK = " [workr: line cut]";

  /** How many bytes of stderr {@link ExecResult#stderr} keeps: the last ones. */
  int STDERR_KEPT = 1 << 16;

  /** The endpoint that was given to the connector. */
  Endpoint endpoint();

  /** The fingerprint that the server proved, one of the endpoint's accepted ones. */
  Fingerprint hostKey();

  /** How the account was let in: {@code publickey} or {@code password}. */
  String authentication();

  /** The public half of the key that let the account in; empty when it was let in otherwise. */
  Optional<SshPublicKey> loginKey();

  /**
   * Runs one command, without a terminal: feeds it the payload, closes its stdin, and waits until
   * the command has ended and nothing holds its stdout or stderr open any more.
   *
   * <p>A connection that breaks while the payload is under way leaves the command with the first
   * part of it and an end of file; what must not run in part has to guard against that itself.
   *
   * @param command for the login shell of the account; contains no secret, as every user of the
   *     host can read it
   * @param stdin written once and wiped on every path
   * @param stdoutLine receives each line of stdout as it arrives, decoded as UTF-8, without its
   *     line feed, on the calling thread. Bytes that are not UTF-8 become U+FFFD. What it throws
   *     ends the command and is thrown on
   * @param limit the time for all of it
   * @throws ConnectionException when the connection is lost, the server does not run the command or
   *     the time is up. An exit status other than 0 is a result, not an exception
   */
  ExecResult exec(String command, Payload stdin, Consumer<String> stdoutLine, Duration limit)
      throws ConnectionException;

  /** Whether the connection still stands, as far as the controller knows. */
  boolean isOpen();

  /** Closes the connection; commands that still run end with {@code LOST}. May be called twice. */
  @Override
  void close();
}
