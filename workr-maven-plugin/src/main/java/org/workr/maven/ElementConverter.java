package org.workr.maven;

import java.util.ArrayList;
import java.util.List;
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
    // Maven itself puts attributes on the parameter's own element: implementation, default-value.
    return element(configuration, evaluator, List.of());
  }

  private static Element element(
      PlexusConfiguration configuration, ExpressionEvaluator evaluator, List<Element> attributes)
      throws ComponentConfigurationException {
    List<Element> children = new ArrayList<>(attributes);
    for (PlexusConfiguration child : configuration.getChildren()) {
      children.add(element(child, evaluator, attributes(child)));
    }
    String value = configuration.getValue(null);
    return new Element(
        configuration.getName(),
        value == null ? null : evaluate(value, configuration, evaluator),
        children);
  }

  private static List<Element> attributes(PlexusConfiguration configuration) {
    List<Element> attributes = new ArrayList<>();
    for (String name : configuration.getAttributeNames()) {
      // combine.self and its like tell Maven how to merge with the parent pom.
      if (!name.startsWith("combine.") && !name.startsWith("xml")) {
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
