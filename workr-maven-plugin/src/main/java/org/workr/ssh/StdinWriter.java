package org.workr.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.schmizz.sshj.connection.channel.direct.Session.Command;
import org.jspecify.annotations.Nullable;
import org.workr.connection.Payload;

/**
 * Writes the payload to a command's stdin and then closes it, on a thread of its own.
 *
 * <p>Never writes more than the server has room for. sshj's stream would wait for room while it
 * holds the lock that its reader thread needs to notice that the command has ended; and when it is
 * closed without room it drops the rest silently.
 */
final class StdinWriter {

  private static final long ROOM_POLL = TimeUnit.MILLISECONDS.toNanos(2);

  private final Command channel;
  private final Payload payload;
  private final Thread thread;
  private volatile boolean commandEnded;
  private volatile @Nullable Exception payloadFailure;

  StdinWriter(Wire wire, Command channel, Payload payload) {
    this.channel = channel;
    this.payload = payload;
    this.thread = new Thread(() -> write(wire), "workr-ssh-stdin-" + wire.endpoint().hostname());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of the thread, when the command has ended or the connection is closed. */
  void finish() {
    commandEnded = true;
    thread.interrupt();
    Threads.joinUninterruptibly(thread);
  }

  /** What the payload threw, or null; that the command did not read all of it is no failure. */
  @Nullable Exception payloadFailure() {
    return payloadFailure;
  }

  private void write(Wire wire) {
    try {
      OutputStream out = new ToChannel(channel.getOutputStream());
      payload.writeTo(out);
      out.flush();
      out.close();
    } catch (CommandEndedException e) {
      // It did not want all of it, or is gone; its exit status or its stdout tells.
    } catch (IOException | RuntimeException e) {
      payloadFailure = e;
      // Without an end of file, so that the command does not take the part for the whole.
      wire.breakOff(false, "the input of the command could not be produced");
    }
  }

  /** Nobody is there to read. */
  private static final class CommandEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    CommandEndedException(@Nullable IOException cause) {
      super(cause);
    }
  }

  /** The channel's stream, with the waiting for room done outside of sshj's locks. */
  private final class ToChannel extends OutputStream {
    private final OutputStream sshj;
    private long unflushed;

    ToChannel(OutputStream sshj) {
      this.sshj = sshj;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      while (from < offset + length) {
        int count = (int) Math.min(room(), offset + length - from);
        try {
          sshj.write(bytes, from, count);
        } catch (IOException e) {
          throw new CommandEndedException(e);
        }
        unflushed += count;
        from += count;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        sshj.flush();
      } catch (IOException e) {
        throw new CommandEndedException(e);
      }
      unflushed = 0;
    }

    @Override
    public void close() throws IOException {
      try {
        sshj.close();
      } catch (IOException e) {
        throw new CommandEndedException(e);
      }
    }

    /** How many bytes sshj can take and flush without having to wait. */
    private long room() throws IOException {
      long room = channel.getRemoteWinSize() - unflushed;
      if (room > 0) {
        return room;
      }
      flush();
      while (channel.getRemoteWinSize() <= 0) {
        if (commandEnded || !channel.isOpen()) {
          throw new CommandEndedException(null);
        }
        LockSupport.parkNanos(ROOM_POLL);
      }
      return channel.getRemoteWinSize();
    }
  }
}
