package org.workr.maven;

import java.util.Optional;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** A goal that makes the project's artifact, when the packaging runs it. */
abstract class ArtifactMojo extends AbstractWorkrMojo {

  @Parameter(defaultValue = "${project}", readonly = true)
  @Nullable MavenProject project;

  @Override
  final void leave() {
    artifact().ifPresent(RClusterArtifact::none);
  }

  /** What becomes of the project's artifact; empty when somebody has asked for just this goal. */
  final Optional<RClusterArtifact> artifact() {
    return byName() ? Optional.empty() : Optional.ofNullable(project).map(RClusterArtifact::new);
  }
}
