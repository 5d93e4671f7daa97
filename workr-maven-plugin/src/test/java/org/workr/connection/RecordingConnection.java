package org.workr.connection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.FakeHost.Broken;
import org.workr.connection.FakeHost.Ending;
import org.workr.value.Fingerprint;
import org.workr.value.SshPublicKey;

/** A connection to a fake host. */
final class RecordingConnection implements Connection {

  private final Endpoint endpoint;
  private final FakeHost host;
  private final RecordingConnector connector;
  private final Set<BlockingQueue<Object>> running = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  RecordingConnection(Endpoint endpoint, FakeHost host, RecordingConnector connector) {
    this.endpoint = endpoint;
    this.host = host;
    this.connector = connector;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public Fingerprint hostKey() {
    return host.hostKey();
  }

  @Override
  public String authentication() {
    return host.authentication();
  }

  @Override
  public Optional<SshPublicKey> loginKey() {
    return Optional.empty();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    running.forEach(news -> news.add(failure(Kind.LOST, "the connection is closed")));
    connector.closed(this);
  }

  @Override
  public ExecResult exec(String command, Payload stdin, Consumer<String> stdoutLine, Duration limit)
      throws ConnectionException {
    BlockingQueue<Object> news = new LinkedBlockingQueue<>();
    ByteArrayOutputStream given = new ByteArrayOutputStream();
    Tail stderr = new Tail();
    running.add(news);
    PipedInputStream fromPayload = new PipedInputStream(1 << 16);
    try (PipedOutputStream toCommand = new PipedOutputStream(fromPayload)) {
      if (!open) {
        throw failure(Kind.LOST, "the connection is closed");
      }
      Thread program =
          new Thread(
              () -> news.add(run(command, fromPayload, to(news), to(stderr))), "fake program");
      Thread writer = new Thread(() -> write(stdin, toCommand, given, news), "fake stdin");
      program.setDaemon(true);
      writer.setDaemon(true);
      program.start();
      writer.start();
      Ending ending = null;
      try {
        ending = await(news, stdoutLine, System.nanoTime() + limit.toNanos());
      } finally {
        if (ending == null) {
          close();
        }
        program.interrupt();
        fromPayload.close();
        join(program);
        join(writer);
      }
      connector.record(
          new RecordingConnector.Executed(
              endpoint, command, given.toString(StandardCharsets.UTF_8)));
      return new ExecResult(ending.status(), ending.signal(), stderr.text());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      running.remove(news);
      stdin.wipe();
    }
  }

  private Ending await(BlockingQueue<Object> news, Consumer<String> stdoutLine, long end)
      throws ConnectionException {
    LineSplitter lines = new LineSplitter(stdoutLine);
    while (true) {
      Object next;
      try {
        next = news.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure(Kind.INTERRUPTED, "interrupted");
      }
      if (next == null) {
        throw failure(Kind.TIMED_OUT, "the limit is over");
      } else if (next instanceof ConnectionException failure) {
        throw failure;
      } else if (next instanceof byte[] bytes) {
        lines.take(bytes, bytes.length);
      } else {
        lines.end();
        return (Ending) next;
      }
    }
  }

  private Object run(
      String command, PipedInputStream stdin, OutputStream stdout, OutputStream stderr) {
    try {
      return host.program().run(command, stdin, stdout, stderr);
    } catch (Broken e) {
      return failure(e.kind(), "the connection broke");
    } catch (IOException | InterruptedException e) {
      return failure(Kind.LOST, String.valueOf(e.getMessage()));
    }
  }

  private void write(
      Payload payload,
      PipedOutputStream toCommand,
      ByteArrayOutputStream given,
      BlockingQueue<Object> news) {
    OutputStream both =
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            given.write(bytes, offset, length);
            try {
              toCommand.write(bytes, offset, length);
              toCommand.flush();
            } catch (IOException e) {
              // The command has ended without reading all of it.
            }
          }
        };
    try {
      payload.writeTo(both);
      toCommand.close();
    } catch (IOException | RuntimeException e) {
      news.add(failure(Kind.LOST, "the input could not be produced"));
    }
  }

  private ConnectionException failure(Kind kind, String what) {
    return RecordingConnector.failure(kind, endpoint, what);
  }

  private static OutputStream to(BlockingQueue<Object> news) {
    return new OutputStream() {
      @Override
      public void write(int single) {
        news.add(new byte[] {(byte) single});
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        news.add(Arrays.copyOfRange(bytes, offset, offset + length));
      }
    };
  }

  private static OutputStream to(Tail tail) {
    return new OutputStream() {
      @Override
      public void write(int single) {
        tail.take(new byte[] {(byte) single}, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        tail.take(Arrays.copyOfRange(bytes, offset, offset + length), length);
      }
    };
  }

  private static void join(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
