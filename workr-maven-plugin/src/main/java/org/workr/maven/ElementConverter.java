package org.workr.maven;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.codehaus.plexus.component.configurator.ComponentConfigurationException;
import org.codehaus.plexus.component.configurator.ConfigurationListener;
import org.codehaus.plexus.component.configurator.converters.AbstractConfigurationConverter;
import org.codehaus.plexus.component.configurator.converters.lookup.ConverterLookup;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.jspecify.annotations.Nullable;
import org.workr.binding.Element;

/**
 * Copies the XML of a parameter, expressions evaluated, and judges nothing: a converter can only
 * throw, so that a person would learn of one problem in each run.
 *
 * <p>An expression that nothing defines stays as it was written. An attribute becomes a child
 * {@code @name}, which no record has, so that it is reported instead of ignored.
 */
final class ElementConverter extends AbstractConfigurationConverter {
  /** Attributes that Maven itself puts on the element of a parameter. */
  private static final Set<String> MAVENS_OWN = Set.of("implementation", "default-value");

  @Override
  public boolean canConvert(Class<?> type) {
    return type == Element.class;
  }

  @Override
  public Object fromConfiguration(
      ConverterLookup lookup,
      PlexusConfiguration configuration,
      Class<?> type,
      @Nullable Class<?> enclosingType,
      @Nullable ClassLoader loader,
      ExpressionEvaluator evaluator,
      @Nullable ConfigurationListener listener)
      throws ComponentConfigurationException {
    return element(configuration, evaluator, MAVENS_OWN);
  }

  private static Element element(
      PlexusConfiguration configuration, ExpressionEvaluator evaluator, Set<String> ignored)
      throws ComponentConfigurationException {
    List<Element> children = attributes(configuration, ignored);
    for (PlexusConfiguration child : configuration.getChildren()) {
      children.add(element(child, evaluator, Set.of()));
    }
    String value = configuration.getValue(null);
    return new Element(
        configuration.getName(),
        value == null ? null : evaluate(value, configuration, evaluator),
        children);
  }

  private static List<Element> attributes(PlexusConfiguration configuration, Set<String> ignored) {
    List<Element> attributes = new ArrayList<>();
    for (String name : configuration.getAttributeNames()) {
      // combine.self and its like tell Maven how to merge with the parent pom.
      if (!name.startsWith("combine.") && !name.startsWith("xml") && !ignored.contains(name)) {
        attributes.add(new Element("@" + name, configuration.getAttribute(name), List.of()));
      }
    }
    return attributes;
  }

  private static String evaluate(
      String text, PlexusConfiguration configuration, ExpressionEvaluator evaluator)
      throws ComponentConfigurationException {
    try {
      Object value = evaluator.evaluate(text);
      return value == null ? text : value.toString();
    } catch (ExpressionEvaluationException e) {
      throw new ComponentConfigurationException(
          configuration, "cannot evaluate '" + text + "' in <" + configuration.getName() + ">", e);
    }
  }
}
