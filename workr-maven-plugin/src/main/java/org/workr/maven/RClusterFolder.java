package org.workr.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.workr.file.DurableFile;
import org.workr.rcluster.ContainerLock;
import org.workr.rcluster.RCluster;

/**
 * Where the R side of a cluster goes.
 *
 * @param folder need not exist
 */
record RClusterFolder(Path folder) {

  /**
   * What is known of the containers; nothing when {@code file} does not exist.
   *
   * @throws org.workr.value.InvalidValueException when a line says nothing that is known
   */
  static ContainerLock lock(Path file) {
    try {
      return ContainerLock.parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return ContainerLock.parse("");
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Writes the files; others in the folder stay. */
  void write(RCluster cluster) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : cluster.files().entrySet()) {
        DurableFile.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the R cluster could not be written to " + folder, e);
    }
  }
}
