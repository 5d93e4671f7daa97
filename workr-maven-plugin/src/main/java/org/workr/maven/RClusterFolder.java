package org.workr.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.workr.file.DurableFile;
import org.workr.rcluster.RCluster;
import org.workr.value.InvalidValueException;

/**
 * Where the R side of a cluster goes.
 *
 * @param folder need not exist
 */
record RClusterFolder(Path folder) {

  /**
   * Writes the files; others in the folder stay.
   *
   * @throws InvalidValueException when one has the name of a file that workr has not written; then
   *     none is
   */
  void write(RCluster cluster) {
    try {
      Files.createDirectories(folder);
      for (String name : cluster.files().keySet()) {
        Path file = folder.resolve(name);
        if (Files.exists(file) && !Files.readString(file).contains(RCluster.MARK)) {
          throw new InvalidValueException(
              "'" + file + "' is not workr's",
              "Give workr.rCluster a folder of its own, such as one in the analyst's project.");
        }
      }
      for (Map.Entry<String, String> file : cluster.files().entrySet()) {
        DurableFile.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the R cluster could not be written to " + folder, e);
    }
  }
}
