package org.workr.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that are either as before or complete: written beside their place, synced, renamed, and the
 * folder synced. What is done is on the disk when a method returns.
 */
public final class DurableFile {
  private static final FileAttribute<?>[] NONE = {};
  private static final int CHUNK = 1 << 20;

  /** Who may read a file. */
  public enum Readers {
    /** Its owner, mode 0600; where a file system has no modes, whoever its folder lets. */
    OWNER("rw-------"),
    /** Everybody, mode 0644, as reports are. */
    ALL("rw-r--r--");

    private final String mode;

    Readers(String mode) {
      this.mode = mode;
    }
  }

  private DurableFile() {}

  /** Writes text as UTF-8 that everybody may read. */
  public static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8), Readers.ALL);
  }

  /**
   * Writes {@code content}, making missing folders. When {@code file} is a symbolic link, what it
   * points to is replaced, and the link stays. When this fails, {@code file} is as before.
   */
  public static void write(Path file, byte[] content, Readers readers) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.resolveSibling(".").normalize();
    Files.createDirectories(folder);
    boolean modes = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    // Never readable by others, not even before the mode is set.
    Path temporary =
        Files.createTempFile(
            folder,
            "." + target.getFileName(),
            ".new",
            modes
                ? new FileAttribute<?>[] {
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString(Readers.OWNER.mode))
                }
                : NONE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      if (modes && readers == Readers.ALL) {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(readers.mode));
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    if (modes) {
      syncFolder(folder);
    }
  }

  /** Makes a folder, and those above it that are missing, which only their owner can enter. */
  public static void makePrivateFolder(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute)) {
      return;
    }
    Path above = absolute.resolveSibling(".").normalize();
    makePrivateFolder(above);
    boolean modes = above.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      Files.createDirectory(
          absolute,
          modes
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
              }
              : NONE);
    } catch (FileAlreadyExistsException e) {
      // Another thread may have been faster; a file in its place is no folder.
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    }
    if (modes) {
      syncFolder(above);
    }
  }

  /**
   * Overwrites a file with zeros and removes it. One that is not there is fine; a symbolic link is
   * an error, since what it points to may be somebody else's.
   *
   * <p>That is all that a program can do, and no proof that the content is gone: an SSD or a file
   * system that copies on write (btrfs, ZFS, snapshots) keeps the old blocks for a while, and a
   * backup as long as it likes. What must not be read is therefore written encrypted only.
   *
   * @throws IOException when it may still be there
   */
  public static void destroy(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long left = channel.size();
      while (left > 0) {
        left -= channel.write(ByteBuffer.allocate((int) Math.min(left, CHUNK)));
      }
      channel.force(true);
    } catch (NoSuchFileException e) {
      return;
    }
    Files.delete(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      syncFolder(file.toAbsolutePath().resolveSibling(".").normalize());
    }
  }

  /** Makes names in a folder survive a power cut. */
  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
