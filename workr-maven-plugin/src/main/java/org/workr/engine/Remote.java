package org.workr.engine;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ExecResult;
import org.workr.connection.Payload;
import org.workr.render.Shell;
import org.workr.secret.Secret;
import org.workr.value.Fingerprint;
import org.workr.value.Host;

/** A host that is connected, and whose sudo workr can use. */
final class Remote implements AutoCloseable {
  /** No name of a run. */
  static final String NO_RUN = "-";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Host host;
  private final Connection connection;
  private final boolean proven;
  private final Supplier<List<Secret>> sudoPasswords;
  private volatile String lastRun = NO_RUN;
  private volatile boolean restarted;

  /**
   * @param proven whether it has proven a key that no other machine has; until then it may be any
   *     clone of the template
   * @param sudoPasswords what sudo may want, likeliest first; the receiver closes them
   */
  Remote(Host host, Connection connection, boolean proven, Supplier<List<Secret>> sudoPasswords) {
    this.host = host;
    this.connection = connection;
    this.proven = proven;
    this.sudoPasswords = sudoPasswords;
  }

  Host host() {
    return host;
  }

  boolean proven() {
    return proven;
  }

  /** The key that it proved. */
  Fingerprint hostKey() {
    return connection.hostKey();
  }

  /** The run that has changed the host last, as far as is known here. */
  String lastRun() {
    return lastRun;
  }

  /** Whether the host may have forgotten that run in a restart. */
  boolean mayHaveRestarted() {
    return restarted;
  }

  /**
   * Goes on where {@code left} was. Meanwhile the host may have been restarted: by its key it is
   * the same, if no other machine has that.
   */
  void succeeds(Remote left) {
    lastRun = left.lastRun;
    restarted = proven;
  }

  void saw(String run) {
    restarted = false;
    lastRun = run.matches("[a-z0-9]+") ? run : NO_RUN;
  }

  /** The address that it answered at. */
  String address() {
    return connection.endpoint().address();
  }

  /** A word that nothing on the host prints by accident. */
  static String nonce() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return "w" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Runs a script as root.
   *
   * @param inputs lines that the script reads from stdin; the caller wipes them
   * @param line receives what the script prints
   * @throws HostException when root did not get the script, or did not end it in time
   */
  void asRoot(String script, List<byte[]> inputs, Consumer<String> line, Duration limit)
      throws HostException {
    String nonce = nonce();
    List<Secret> passwords = sudoPasswords.get();
    boolean[] root = {false};
    ExecResult result;
    try {
      result =
          connection.exec(
              RootScript.command(nonce),
              RootScript.stdin(nonce, passwords, prelude() + script, inputs),
              text -> {
                if (root[0]) {
                  line.accept(text);
                } else if (text.equals(RootScript.greeting(nonce))) {
                  root[0] = true;
                }
              },
              limit);
    } catch (ConnectionException e) {
      throw HostException.of(e);
    } finally {
      passwords.forEach(Secret::close);
    }
    if (!root[0]) {
      throw notRoot(result, passwords.stream().map(password -> password.name().value()).toList());
    }
    if (!result.succeeded()) {
      throw ended(result);
    }
  }

  private String prelude() {
    String key = connection.loginKey().map(own -> own.type() + " " + own.blob()).orElse("-");
    return "export WORKR_AUTH="
        + connection.authentication()
        + " WORKR_KEY="
        + Shell.quote(key)
        + "\n";
  }

  private HostException notRoot(ExecResult result, List<String> tried) {
    String who = host.user() + " at " + host.hostname();
    String said = result.stderr().strip();
    if (said.contains("sudo: not found") || said.contains("sudo: command not found")) {
      return new HostException(
          "there is no sudo for " + who + ". Install sudo in the template, or log in as root.");
    }
    if (said.contains("not in the sudoers") || said.contains("may not run sudo")) {
      return new HostException(
          who + " may not use sudo. Add the account to the group sudo in the template.");
    }
    if (tried.isEmpty()) {
      return new HostException(
          "sudo wants a password of "
              + who
              + " and none is known. Give the present one as secret "
              + host.secret("login.current")
              + " (environment variable "
              + host.secret("login.current").environmentVariable()
              + ").");
    }
    return new HostException(
        "sudo refused the password of "
            + who
            + ". "
            + (tried.size() == 1 ? "The secret " : "The secrets ")
            + String.join(" and ", tried)
            + (tried.size() == 1
                ? " was tried; it must be the present login password."
                : " were tried; one of them must be the present login password.")
            + (said.isEmpty() ? "" : "\n" + said));
  }

  private HostException ended(ExecResult result) {
    Integer status = result.exitStatus();
    if (status != null && status == RootScript.LOCKED) {
      return new HostException(
          "another run of workr is still busy on "
              + host.hostname()
              + ". Wait until it has ended, then run the goal again.");
    }
    if (status != null && status == RootScript.OVERTAKEN) {
      return new HostException(
          "another run of workr has changed the host meanwhile, so nothing more was done here. Run"
              + " the goal again when that one has ended.");
    }
    if (status != null && status == RootScript.ANOTHER) {
      return new HostException(
          "it was restarted meanwhile, or another machine answers at "
              + address()
              + ", so nothing more was done there. Run the goal again.");
    }
    if (status != null && status == RootScript.CUT_OFF) {
      return new HostException(
          "the script arrived cut off, so none of it ran. Run the goal again.");
    }
    return new HostException(
        "the script ended with " + result.ending() + ". " + result.stderr().strip());
  }

  /** Runs a command as the account, without input; its stdout. */
  List<String> asUser(String command, Payload stdin, Duration limit) throws HostException {
    List<String> lines = new ArrayList<>();
    try {
      ExecResult result = connection.exec(command, stdin, lines::add, limit);
      if (!result.succeeded()) {
        throw new HostException(
            "'" + command + "' ended with " + result.ending() + ". " + result.stderr().strip());
      }
    } catch (ConnectionException e) {
      throw HostException.of(e);
    }
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    connection.close();
  }
}
