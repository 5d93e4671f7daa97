package org.workr.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One writer of a file at a time, among all processes of this machine and all threads of this one.
 * The system gives the guard back when the process dies. The empty file {@code .NAME.lock} stays:
 * removing it would let two writers in.
 */
public final class FileGuard implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final FileChannel channel;

  private FileGuard(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the guard of {@code file}.
   *
   * @param limit longest wait
   * @throws FileSystemException when another writer is still at it after that
   */
  public static FileGuard of(Path file, Duration limit) throws IOException {
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long rounds = Math.max(1, limit.dividedBy(PAUSE));
      for (long round = 0; round < rounds; round++) {
        if (attempt(channel) != null) {
          return new FileGuard(channel);
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new FileSystemException(
        file.toString(), null, "another run is writing it and holds " + lock);
  }

  private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Lets the next writer in. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
