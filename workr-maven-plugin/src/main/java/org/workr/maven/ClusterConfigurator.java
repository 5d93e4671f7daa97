package org.workr.maven;

import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.workr.binding.Element;

/**
 * Maven's own configurator, which also fills parameters of type {@link Element}.
 *
 * <p>Declared in {@code META-INF/plexus/components.xml} under the hint {@link #HINT}, not by
 * {@code @Named}: Maven before 3.9.6 silently ignores annotated components in Java 17 class files.
 */
public final class ClusterConfigurator extends BasicComponentConfigurator {
  /** What a goal writes in {@code @Mojo(configurator = ...)}. */
  public static final String HINT = "workr";

  /** Called by the container. */
  public ClusterConfigurator() {
    converterLookup.registerConverter(new ElementConverter());
  }
}
