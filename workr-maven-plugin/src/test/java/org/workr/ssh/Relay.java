package org.workr.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.workr.connection.Endpoint;

/** A TCP relay on loopback that can fall silent as a machine without power does. */
final class Relay implements AutoCloseable {

  private final int target;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean frozen;

  Relay(int target) throws IOException {
    this.target = target;
    start(this::accept);
  }

  /** The way to {@code behind} that leads through here. */
  Endpoint to(Endpoint behind) {
    return new Endpoint(
        behind.hostname(),
        "127.0.0.1",
        server.getLocalPort(),
        behind.user(),
        behind.acceptedHostKeys());
  }

  /** Takes and passes on nothing any more, and closes nothing. */
  void freeze() {
    frozen = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        start(() -> pass(near, far));
        start(() -> pass(far, near));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1 << 13];
      for (int count = in.read(bytes); count >= 0 && !frozen; count = in.read(bytes)) {
        out.write(bytes, 0, count);
      }
      if (!frozen) {
        to.close();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
