package org.workr.maven;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.maven.project.MavenProject;
import org.workr.file.DurableFile;

/**
 * The project's artifact: the folder for analysts as a zip. The same files give the same bytes.
 *
 * @param project whose packaging is {@code workr-cluster}
 */
record RClusterArtifact(MavenProject project) {
  /** The first day that a zip can have; when it was made is of no interest. */
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Packs {@code files}, content by name, and makes that what the project installs and deploys. */
  void attach(Map<String, String> files) {
    Path zip =
        Path.of(project.getBuild().getDirectory(), project.getBuild().getFinalName() + ".zip");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ZipOutputStream out = new ZipOutputStream(bytes)) {
        for (Map.Entry<String, String> file : files.entrySet()) {
          ZipEntry entry = new ZipEntry(project.getArtifactId() + "/" + file.getKey());
          entry.setTimeLocal(EPOCH);
          out.putNextEntry(entry);
          out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
          out.closeEntry();
        }
      }
      DurableFile.write(zip, bytes.toByteArray(), DurableFile.Readers.ALL);
    } catch (IOException e) {
      throw new UncheckedIOException(zip + " could not be written", e);
    }
    project.getArtifact().setFile(zip.toFile());
    if (project.getDistributionManagementArtifactRepository() == null) {
      // Else 'mvn deploy' would fail for want of a repository, when all is deployed that can be.
      property("maven.deploy.skip");
    }
  }

  /** Keeps Maven from failing for want of an artifact (ADR 22). */
  void none() {
    property("maven.install.skip");
    property("maven.deploy.skip");
  }

  private void property(String name) {
    project.getProperties().setProperty(name, "true");
  }
}
