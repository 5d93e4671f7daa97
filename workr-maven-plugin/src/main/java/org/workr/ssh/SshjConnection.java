package org.workr.ssh;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.Endpoint;
import org.workr.connection.ExecResult;
import org.workr.connection.Payload;
import org.workr.value.Fingerprint;
import org.workr.value.SshPublicKey;

/** A connection that is logged in. */
final class SshjConnection implements Connection {

  private final Wire wire;
  private final Fingerprint hostKey;
  private final Login.Way way;
  private final ScheduledExecutorService timer;
  private final Runnable onClose;

  SshjConnection(
      Wire wire,
      Fingerprint hostKey,
      Login.Way way,
      ScheduledExecutorService timer,
      Runnable onClose) {
    this.wire = wire;
    this.hostKey = hostKey;
    this.way = way;
    this.timer = timer;
    this.onClose = onClose;
  }

  @Override
  public Endpoint endpoint() {
    return wire.endpoint();
  }

  @Override
  public Fingerprint hostKey() {
    return hostKey;
  }

  @Override
  public String authentication() {
    return way.method();
  }

  @Override
  public Optional<SshPublicKey> loginKey() {
    return way.key();
  }

  @Override
  public ExecResult exec(String command, Payload stdin, Consumer<String> stdoutLine, Duration limit)
      throws ConnectionException {
    Deadline deadline = Deadline.in(limit);
    Future<?> guard = deadline.guard(wire.socket(), timer);
    try {
      return new Execution(wire, deadline).run(command, stdin, stdoutLine);
    } finally {
      guard.cancel(false);
      stdin.wipe();
    }
  }

  @Override
  public boolean isOpen() {
    return !wire.isBroken() && wire.client().isConnected();
  }

  @Override
  public void close() {
    onClose.run();
    wire.close();
  }
}
