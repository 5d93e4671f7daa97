package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.io.File;
import java.io.StringReader;
import java.util.Map;
import org.codehaus.plexus.classworlds.ClassWorld;
import org.codehaus.plexus.classworlds.realm.ClassRealm;
import org.codehaus.plexus.component.configurator.ComponentConfigurationException;
import org.codehaus.plexus.component.configurator.converters.lookup.DefaultConverterLookup;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluator;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;
import org.workr.binding.Element;

class ClusterConfiguratorTest {

  /** Stands for a goal. */
  static final class Goal {
    Element cluster;
    String limit;
    int forks;
  }

  /**
   * Answers as Maven's evaluator does: a text without expression as it is, null for the unknown.
   */
  private static final class Properties implements ExpressionEvaluator {
    private final Map<String, Object> values =
        Map.of("${size}", 4, "${user}", "ubuntu", "${text}", "a b", "${port}", 2222);

    @Override
    public Object evaluate(String expression) throws ExpressionEvaluationException {
      if (expression.equals("${broken}")) {
        throw new ExpressionEvaluationException("no such thing");
      }
      return expression.startsWith("${") ? values.get(expression) : expression;
    }

    @Override
    public File alignToBaseDirectory(File file) {
      return file;
    }
  }

  @Test
  void copiesNestedElementsInOrder() throws Exception {
    Goal goal =
        configure(
            """
            <cluster>
              <name> stats </name>
              <workers>
                <worker><hostname>a</hostname></worker>
                <worker><hostname>b</hostname></worker>
              </workers>
            </cluster>
            """);
    assertThat(goal.cluster)
        .isEqualTo(
            tree(
                "cluster",
                text("name", "stats"),
                tree(
                    "workers",
                    tree("worker", text("hostname", "a")),
                    tree("worker", text("hostname", "b")))));
  }

  @Test
  void evaluatesExpressionsOfEveryType() throws Exception {
    Goal goal = configure("<cluster><slots>${size}</slots><user>${user}</user></cluster>");
    assertThat(goal.cluster.children()).containsExactly(text("slots", "4"), text("user", "ubuntu"));
  }

  @Test
  void keepsAnExpressionThatNothingDefines() throws Exception {
    assertThat(configure("<cluster><user>${nobody}</user></cluster>").cluster.children())
        .containsExactly(text("user", "${nobody}"));
  }

  @Test
  void keepsUnknownElementsForTheBinder() throws Exception {
    assertThat(configure("<cluster><nmae>x</nmae></cluster>").cluster.children())
        .containsExactly(text("nmae", "x"));
  }

  @Test
  void reportsAttributesAsElementsThatNobodyKnows() throws Exception {
    Goal goal =
        configure(
            "<cluster implementation='x' name='a'><worker hostname='a' combine.self='override'/></cluster>");
    assertThat(goal.cluster)
        .isEqualTo(tree("cluster", text("@name", "a"), tree("worker", text("@hostname", "a"))));
  }

  @Test
  void namesTheElementOfABrokenExpression() {
    assertThatThrownBy(() -> configure("<cluster><user>${broken}</user></cluster>"))
        .isInstanceOf(ComponentConfigurationException.class)
        .hasMessageContaining("cannot evaluate '${broken}' in <user>");
  }

  @Test
  void leavesTheFieldNullWithoutTheElementAndFillsOthersAsMavenDoes() throws Exception {
    Goal goal = new Goal();
    fill(goal, xml("<configuration><limit>${text}</limit><forks>${port}</forks></configuration>"));
    assertThat(goal.cluster).isNull();
    assertThat(goal.limit).isEqualTo("a b");
    assertThat(goal.forks).isEqualTo(2222);
  }

  @Test
  void convertsOnlyElements() {
    ElementConverter converter = new ElementConverter();
    assertThat(converter.canConvert(Element.class)).isTrue();
    assertThat(converter.canConvert(Object.class)).isFalse();
    assertThat(converter.canConvert(String.class)).isFalse();
  }

  @Test
  void servesMavensOwnLookup() throws Exception {
    DefaultConverterLookup lookup = new DefaultConverterLookup();
    lookup.registerConverter(new ElementConverter());
    Object value =
        lookup
            .lookupConverterForType(Element.class)
            .fromConfiguration(
                lookup,
                xml("<disk/>"),
                Element.class,
                Goal.class,
                getClass().getClassLoader(),
                new Properties(),
                null);
    assertThat(value).isEqualTo(Element.empty("disk"));
  }

  private static Goal configure(String cluster) throws Exception {
    Goal goal = new Goal();
    fill(goal, xml("<configuration>" + cluster + "</configuration>"));
    return goal;
  }

  private static void fill(Goal goal, PlexusConfiguration configuration) throws Exception {
    ClassWorld world = new ClassWorld("test", ClusterConfiguratorTest.class.getClassLoader());
    ClassRealm realm = world.getRealm("test");
    new ClusterConfigurator().configureComponent(goal, configuration, new Properties(), realm);
  }

  private static PlexusConfiguration xml(String text) throws Exception {
    return new XmlPlexusConfiguration(Xpp3DomBuilder.build(new StringReader(text)));
  }
}
