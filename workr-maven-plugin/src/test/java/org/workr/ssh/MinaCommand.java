package org.workr.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.workr.connection.FakeHost.Ending;
import org.workr.connection.LocalShell;

/**
 * Runs a command with the shell of this machine, but for a few words that stand for misbehaviour.
 */
final class MinaCommand implements Command {

  /** Closes the TCP connection. */
  static final String HANG_UP = "hang-up";

  /** Prints a line and closes the channel without an exit status. */
  static final String NO_STATUS = "no-status";

  /** Sends the exit status and closes the TCP connection before the channel. */
  static final String STATUS_AND_GONE = "status-and-gone";

  private final String command;
  private InputStream stdin;
  private OutputStream stdout;
  private OutputStream stderr;
  private ExitCallback exit;
  private Thread thread;

  MinaCommand(String command) {
    this.command = command;
  }

  @Override
  public void setInputStream(InputStream in) {
    this.stdin = in;
  }

  @Override
  public void setOutputStream(OutputStream out) {
    this.stdout = out;
  }

  @Override
  public void setErrorStream(OutputStream err) {
    this.stderr = err;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    this.exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) {
    thread = new Thread(() -> run(channel), "mina command");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void destroy(ChannelSession channel) {
    thread.interrupt();
  }

  private void run(ChannelSession channel) {
    try {
      switch (command) {
        case HANG_UP -> channel.getSession().close(true);
        case NO_STATUS -> {
          stdout.write("line\n".getBytes(StandardCharsets.US_ASCII));
          stdout.flush();
          channel.close(false);
        }
        case STATUS_AND_GONE -> {
          send(channel, "exit-status", buffer -> buffer.putInt(5));
          Buffer end = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_EOF);
          end.putUInt(channel.getRecipient());
          channel.writePacket(end).verify(5_000);
          channel.getSession().close(true);
        }
        default -> shell(channel);
      }
    } catch (IOException | InterruptedException e) {
      channel.close(true);
    }
  }

  private void shell(ChannelSession channel) throws IOException, InterruptedException {
    Ending ending = new LocalShell().run(command, stdin, stdout, stderr);
    stdout.flush();
    stderr.flush();
    if (ending.signal() != null) {
      send(
          channel,
          "exit-signal",
          buffer -> {
            buffer.putString(ending.signal());
            buffer.putBoolean(false);
            buffer.putString("");
            buffer.putString("");
          });
      channel.close(false);
    } else {
      exit.onExit(ending.status());
    }
  }

  private static void send(ChannelSession channel, String request, Consumer<Buffer> more)
      throws IOException {
    Buffer buffer = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putUInt(channel.getRecipient());
    buffer.putString(request);
    buffer.putBoolean(false);
    more.accept(buffer);
    channel.writePacket(buffer).verify(5_000);
  }
}
