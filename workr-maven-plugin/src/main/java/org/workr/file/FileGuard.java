package org.workr.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One writer of a file at a time, among all processes of this machine and all threads of this one.
 * The system gives the guard back when the process dies. The empty file {@code .NAME.lock} stays:
 * removing it would let two writers in.
 */
public final class FileGuard implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * What a thread of this process holds or waits for the other processes with. Only that thread may
   * have the file open: closing it gives back what any thread holds of it (fcntl(2), FileLock).
   */
  private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

  private final Path lock;
  private final FileChannel channel;

  private FileGuard(Path lock, FileChannel channel) {
    this.lock = lock;
    this.channel = channel;
  }

  /**
   * Waits for the guard of {@code file}.
   *
   * @param limit longest wait
   * @throws FileSystemException when another writer is still at it after that, or the thread was
   *     interrupted, which it still is then
   */
  public static FileGuard of(Path file, Duration limit) throws IOException {
    Path lock =
        file.toAbsolutePath().normalize().resolveSibling("." + file.getFileName() + ".lock");
    long rounds = Math.max(1, limit.dividedBy(PAUSE));
    FileChannel channel = null;
    try {
      for (long round = 0; round < rounds; round++) {
        if (channel == null && TAKEN.add(lock)) {
          channel = open(lock);
        }
        if (channel != null && attempt(channel) != null) {
          FileGuard guard = new FileGuard(lock, channel);
          channel = null;
          return guard;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FileSystemException(
          file.toString(), null, "interrupted while waiting for " + lock + " to write it");
    } finally {
      if (channel != null) {
        new FileGuard(lock, channel).close();
      }
    }
    throw new FileSystemException(
        file.toString(), null, "another run is writing it and holds " + lock);
  }

  private static FileChannel open(Path lock) throws IOException {
    try {
      return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      TAKEN.remove(lock);
      throw e;
    }
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
    if (channel.isOpen()) {
      try {
        channel.close();
      } finally {
        TAKEN.remove(lock);
      }
    }
  }
}
