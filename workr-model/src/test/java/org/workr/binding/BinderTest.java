package org.workr.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;

class BinderTest {

  enum Colour {
    RED,
    DARK_BLUE
  }

  sealed interface Key permits Literal, Link {}

  @Doc(value = "A key.", element = "key", example = "k1")
  record Literal(String text) implements Key {
    public static Literal parse(String text) {
      return new Literal(text);
    }
  }

  @Doc(value = "Where keys are.", element = "url", example = "https://example.org/k")
  record Link(String url) implements Key {
    public static Link parse(String text) {
      return new Link(text);
    }
  }

  record Inner(
      @Doc(value = "A port.", defaultValue = "22") @Range(min = "1", max = "65535") int port,
      @Doc(value = "A switch.", defaultValue = "true") boolean on) {}

  record Item(
      @Doc(value = "A name.", example = "workr1") Hostname hostname,
      @Doc(value = "A number.", defaultValue = "1") int slots) {
    Item {
      if (slots == 13) {
        throw new InvalidValueException("thirteen slots", "Use twelve.");
      }
    }
  }

  record Tree(
      @Doc(value = "The name. And more.", example = "stats") Hostname name,
      @Doc(value = "A colour.", defaultValue = "dark-blue") Colour colour,
      @Doc(value = "A wait.", defaultValue = "10m") Duration pause,
      @Doc(value = "Tags.", example = "a,b", item = "tag") List<String> tags,
      @Doc(value = "Numbers.", defaultValue = "1,2") List<Integer2> numbers,
      @Doc(value = "Inner.") Inner inner,
      @Doc(value = "Optional inner.") Optional<Inner> extra,
      @Doc(value = "Optional text.", example = "x") Optional<String> note,
      @Doc(value = "Keys.") List<Key> keys,
      @Doc(value = "Repeated.") List<Inner> part,
      @Doc(value = "Pairs.") List<Pair> pair,
      @Doc(value = "Items.", item = "item", required = true) List<Item> items) {}

  record Pair(
      @Doc(value = "Low.", example = "1") int low, @Doc(value = "High.", example = "2") int high)
      implements Checked {
    @Override
    public void check(Problems problems) {
      if (problems.usable("low") && problems.usable("high") && low > high) {
        problems.error("low", "'" + low + "' is more than the high " + high, "Swap them.");
      }
    }
  }

  record Integer2(int value) {
    public static Integer2 parse(String text) {
      return new Integer2(Integer.parseInt(text));
    }
  }

  private static final String ITEMS = "<items><item><hostname>w1</hostname></item></items>";

  private static Bound<Tree> bind(String xml) {
    return Binder.bind(parse("<tree>" + xml + "</tree>"), Tree.class);
  }

  private static List<String> problems(String xml) {
    return bind(xml).diagnostics().stream().map(Object::toString).toList();
  }

  private static Element parse(String xml) {
    try {
      return XmlElements.of(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
              .getDocumentElement());
    } catch (Exception e) {
      throw new IllegalArgumentException(xml, e);
    }
  }

  @Test
  void fillsInDefaults() {
    Bound<Tree> bound = bind("<name>stats</name>" + ITEMS);
    assertThat(bound.diagnostics()).isEmpty();
    Tree tree = bound.value().orElseThrow();
    assertThat(tree.name().value()).isEqualTo("stats");
    assertThat(tree.colour()).isEqualTo(Colour.DARK_BLUE);
    assertThat(tree.pause()).isEqualTo(Duration.ofMinutes(10));
    assertThat(tree.tags()).isEmpty();
    assertThat(tree.numbers()).containsExactly(new Integer2(1), new Integer2(2));
    assertThat(tree.inner()).isEqualTo(new Inner(22, true));
    assertThat(tree.extra()).isEmpty();
    assertThat(tree.items()).containsExactly(new Item(new Hostname("w1"), 1));
  }

  @Test
  void bindsEveryForm() {
    Bound<Tree> bound =
        bind(
            "<name>stats</name><colour>Red</colour><pause>PT1H</pause>"
                + "<tags><tag>x</tag><tag>y</tag></tags><numbers>3</numbers><numbers>4, 5</numbers>"
                + "<inner><port>2222</port><on>false</on></inner><extra/><note> n </note>"
                + "<keys><key>k, with comma</key><url>https://u</url></keys>"
                + "<part><port>1</port></part><part/>"
                + ITEMS);
    assertThat(bound.diagnostics()).isEmpty();
    Tree tree = bound.value().orElseThrow();
    assertThat(tree.colour()).isEqualTo(Colour.RED);
    assertThat(tree.pause()).isEqualTo(Duration.ofHours(1));
    assertThat(tree.tags()).containsExactly("x", "y");
    assertThat(tree.numbers()).extracting(Integer2::value).containsExactly(3, 4, 5);
    assertThat(tree.inner()).isEqualTo(new Inner(2222, false));
    assertThat(tree.extra()).contains(new Inner(22, true));
    assertThat(tree.note()).contains("n");
    assertThat(tree.keys()).containsExactly(new Literal("k, with comma"), new Link("https://u"));
    assertThat(tree.part()).containsExactly(new Inner(1, true), new Inner(22, true));
  }

  @Test
  void reportsEverythingAtOnce() {
    assertThat(
            problems(
                "<colour>green</colour><pause>soon</pause><tags>a,a</tags><inner><port>0</port>"
                    + "<on>yes</on></inner><note>${gone}</note><items><item><hostname>W_1</hostname>"
                    + "<slots>13</slots></item><item><hostname>w2</hostname><slots>13</slots></item>"
                    + "</items>"))
        .containsExactly(
            "tree.name: is missing. Add <name>stats</name> under <tree>: the name.",
            "tree.colour: 'green' is not one of the allowed values. Use one of: red, dark-blue.",
            "tree.pause: 'soon' is not a length of time. Use a number with a unit, such as 150s, 10m,"
                + " 2h, 90d or 1y, or ISO 8601 such as PT10M.",
            "tree.tags[1]: 'a' stands twice. Remove one of them.",
            "tree.inner.port: '0' is out of range. Use a value from 1 to 65535.",
            "tree.inner.on: 'yes' is neither true nor false. Write true or false.",
            "tree.note: '${gone}' uses the property 'gone', which nothing defines. Define it under"
                + " <properties>, in an active profile or with -Dgone=..., or correct its name.",
            "tree.items[0].hostname: 'W_1' is not a host name (RFC 1123). Use 1 to 63 lower-case"
                + " letters, digits and hyphens, with no hyphen at either end, such as workr1.",
            "tree.items[0]: thirteen slots. Use twelve.",
            "tree.items[1]: thirteen slots. Use twelve.");
  }

  @Test
  void bindsAMisspeltElementAsWhatWasMeant() {
    assertThat(problems("<nmae>STATS</nmae>" + ITEMS))
        .containsExactly(
            "tree.nmae: there is no element <nmae> in <tree>. Did you mean <name>? Allowed here:"
                + " <name>, <colour>, <pause>, <tags>, <numbers>, <inner>, <extra>, <note>, <keys>,"
                + " <part>, <pair>, <items>.",
            "tree.name: 'STATS' is not a host name (RFC 1123). Use 1 to 63 lower-case letters,"
                + " digits and hyphens, with no hyphen at either end, such as workr1.");
  }

  @Test
  void saysWhereAnElementBelongs() {
    assertThat(problems("<name>a</name><port>1</port>" + ITEMS))
        .containsExactly(
            "tree.port: there is no element <port> in <tree>. It belongs under <inner> or <extra> or"
                + " <part>.");
  }

  @Test
  void neverQuotesWhatLooksLikeASecret() {
    assertThat(problems("<name>a</name><loginPassword>hunter2</loginPassword>" + ITEMS))
        .containsExactly(
            "tree.loginPassword: there is no element <loginPassword> in <tree>. Secrets never stand"
                + " in a pom: use settings.xml, the environment or the keystore. Remove it.");
  }

  @Test
  void tellsTextFromElements() {
    assertThat(
            problems(
                "<name><x/></name><inner>22</inner><tags>a<tag>b</tag></tags><note/>"
                    + "<keys>k</keys><items><itm/></items>"))
        .containsExactly(
            "tree.name: has elements in it where one value is expected. Write <name>stats</name>.",
            "tree.tags: has the text 'a' where elements are expected. Use <tag>.",
            "tree.inner: has the text '22' where elements are expected. Use <port>, <on>.",
            "tree.note: is empty. Write a value such as x, or leave <note> out.",
            "tree.keys: has the text 'k' where elements are expected. Use <key>, <url>.",
            "tree.items: there is no element <itm> in <items>. Did you mean <item>? Allowed here:"
                + " <item>.",
            "tree.items[0].hostname: is missing. Add <hostname>workr1</hostname> under <itm>: a"
                + " name.");
  }

  @Test
  void reportsRepetition() {
    assertThat(problems("<name>a</name><name>b</name>" + ITEMS + "<items/>"))
        .containsExactly(
            "tree.name: stands 2 times in <tree>. Keep one <name>.",
            "tree.items: stands 2 times in <tree>. Keep one <items>.");
  }

  @Test
  void checksWhatFitsTogetherInWhatIsWhole() {
    assertThat(
            problems(
                "<name>A</name><pair><low>9</low><high>1</high></pair>"
                    + "<pair><low>nine</low><high>1</high></pair>"
                    + ITEMS))
        .containsExactly(
            "tree.name: 'A' is not a host name (RFC 1123). Use 1 to 63 lower-case letters, digits"
                + " and hyphens, with no hyphen at either end, such as workr1.",
            "tree.pair[0].low: '9' is more than the high 1. Swap them.",
            "tree.pair[1].low: 'nine' is not a whole number. Use a value such as 1.");
  }

  @Test
  void refusesAttributes() {
    Element attribute = new Element("@unit", "s", List.of());
    Element name = new Element("name", "stats", List.of(attribute));
    Element items = parse(ITEMS);
    assertThat(
            Binder.bind(new Element("tree", null, List.of(name, items)), Tree.class).diagnostics())
        .extracting(Object::toString)
        .containsExactly(
            "tree.name: has an attribute 'unit', and nothing here has attributes. Write elements:"
                + " <unit>...</unit>.");
  }

  @Test
  void givesNoValueWhileThereIsAnError() {
    assertThat(bind("<name>A</name>" + ITEMS).value()).isEmpty();
  }

  @Test
  void givesDefaultsAlone() {
    assertThat(Binder.defaults(Inner.class)).isEqualTo(new Inner(22, true));
  }
}
