package org.workr.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.workr.connection.FakeHost.Ending;

/** Runs commands with the shell of this machine, as an SSH server does. */
public final class LocalShell implements FakeHost.Program {

  /** Signals by number, as far as the contract sends them. */
  private static final Map<Integer, String> SIGNALS = Map.of(9, "KILL", 15, "TERM");

  @Override
  public Ending run(String command, InputStream stdin, OutputStream stdout, OutputStream stderr)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/bin/sh", "-c", command).start();
    try {
      Thread in = pump(stdin, process.getOutputStream(), true);
      Thread out = pump(process.getInputStream(), stdout, false);
      Thread err = pump(process.getErrorStream(), stderr, false);
      int status = process.waitFor();
      out.join();
      err.join();
      in.interrupt();
      String signal = SIGNALS.get(status - 128);
      return signal == null ? Ending.of(status) : new Ending(null, signal);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Thread pump(InputStream from, OutputStream to, boolean close) {
    Thread thread =
        new Thread(
            () -> {
              try {
                byte[] bytes = new byte[1 << 13];
                for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                  to.write(bytes, 0, count);
                  to.flush();
                }
                if (close) {
                  to.close();
                }
              } catch (IOException e) {
                // One of the two has gone.
              }
            },
            "local shell");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
