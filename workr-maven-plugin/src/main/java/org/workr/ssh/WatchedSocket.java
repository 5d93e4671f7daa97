package org.workr.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket on which silence for longer than its read time limit is an end and not, as sshj takes
 * it, a reason to go on waiting. As the server has to answer a keep-alive every few seconds, only
 * one that is gone is silent; that shows also while our own writes to it are stuck.
 */
final class WatchedSocket extends Socket {

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        try {
          return super.read();
        } catch (SocketTimeoutException e) {
          throw silent(e);
        }
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
          return super.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
          throw silent(e);
        }
      }
    };
  }

  private IOException silent(SocketTimeoutException e) throws IOException {
    return new IOException("nothing was heard for " + getSoTimeout() / 1000 + " s", e);
  }
}
