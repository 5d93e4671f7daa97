package org.workr.maven;

import java.io.File;
import java.nio.file.Path;
import org.workr.value.FilePath;

/** Files that a pom names. */
final class ProjectPaths {
  private ProjectPaths() {}

  /** {@code ~/} is the person's home; what is not absolute lies in the project's directory. */
  static Path resolve(FilePath path, File basedir) {
    if (path.value().startsWith("~/")) {
      return Path.of(System.getProperty("user.home"), path.value().substring(2));
    }
    return basedir.toPath().resolve(path.value());
  }
}
