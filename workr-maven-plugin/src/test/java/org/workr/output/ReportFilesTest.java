package org.workr.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.workr.report.Report;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportFilesTest {
  @TempDir Path folder;

  @Test
  void jsonHoldsEverything() {
    JsonNode json = JsonMapper.shared().readTree(ReportJson.text(Samples.report()));

    assertThat(json.propertyNames())
        .containsExactly(
            "format", "cluster", "goal", "successful", "started", "took", "counts", "hosts");
    assertThat(json.get("started").asString()).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(json.get("took").asString()).isEqualTo("PT4M12.4S");
    assertThat(json.get("successful").asBoolean()).isFalse();
    assertThat(json.get("counts").get("failed").asInt()).isEqualTo(2);
    assertThat(json.get("counts").get("unreachable").asInt()).isEqualTo(1);
    JsonNode host = json.get("hosts").get(1);
    assertThat(host.get("host").asString()).isEqualTo("workr2");
    assertThat(host.get("status").asString()).isEqualTo("failed");
    assertThat(host.get("changes").get(1).get("message").asString()).isEqualTo(Samples.NASTY);
    assertThat(json.get("hosts").get(3).get("problems").get(0).get("severity").asString())
        .isEqualTo("error");
  }

  @Test
  void junitHasASuiteForEachHostAndACaseForEachChange() throws Exception {
    List<String> cases = new ArrayList<>();
    List<String> suites = new ArrayList<>();
    for (Element suite : elements(junit(), "testsuite")) {
      suites.add(
          "%s tests=%s errors=%s failures=%s skipped=%s time=%s"
              .formatted(
                  suite.getAttribute("name"),
                  suite.getAttribute("tests"),
                  suite.getAttribute("errors"),
                  suite.getAttribute("failures"),
                  suite.getAttribute("skipped"),
                  suite.getAttribute("time")));
      for (Element test : elements(suite, "testcase")) {
        assertThat(test.getAttribute("classname")).isEqualTo(suite.getAttribute("name"));
        List<String> verdicts = new ArrayList<>();
        for (String verdict : List.of("failure", "error", "skipped")) {
          elements(test, verdict).forEach(found -> verdicts.add(verdict));
        }
        cases.add(test.getAttribute("name") + " " + verdicts);
      }
    }

    assertThat(suites)
        .containsExactly(
            "stats.workr1 tests=5 errors=0 failures=0 skipped=0 time=121.500",
            "stats.workr2 tests=4 errors=0 failures=2 skipped=1 time=121.500",
            "stats.workr3 tests=1 errors=1 failures=0 skipped=0 time=121.500",
            "stats.workr4 tests=1 errors=0 failures=1 skipped=0 time=121.500",
            "stats.workr5 tests=1 errors=0 failures=0 skipped=0 time=121.500",
            "stats.workr6 tests=1 errors=0 failures=0 skipped=1 time=0.000");
    assertThat(cases)
        .containsExactly(
            "network.address []",
            "identity.hostname []",
            "packages.docker-ce []",
            "accounts.password []",
            "as declared []",
            "network.address []",
            "packages.docker-ce [failure]",
            "accounts.password [skipped]",
            "as declared [failure]",
            "as declared [error]",
            "as declared [failure]",
            "as declared []",
            "as declared [skipped]");
  }

  @Test
  void junitSaysWhy() throws Exception {
    List<Element> failures = elements(junit(), "failure");
    String legal = Samples.NASTY.replace('\u001b', '\ufffd').replace('\0', '\ufffd');

    assertThat(failures.get(0).getAttribute("message"))
        .isEqualTo(legal.lines().findFirst().orElseThrow());
    assertThat(failures.get(0).getTextContent()).isEqualTo(legal);
    assertThat(failures.get(2).getAttribute("message")).isEqualTo("it has problems");
    assertThat(failures.get(2).getTextContent())
        .startsWith("error: workr4: '/dev/sda3' is not there. Mend <b>");
    assertThat(elements(junit(), "error").get(0).getAttribute("message"))
        .isEqualTo("no SSH server answered");
    assertThat(elements(junit(), "system-out").stream().map(Element::getTextContent))
        .contains("warning: workr1: 'noble' is new. Look at it.");
  }

  @Test
  void htmlShowsEveryHostAndEscapesWhatHostsSay() {
    String html = ReportHtml.text(Samples.report());

    assertThat(html)
        .contains("<title>stats: workr provision</title>", "21 November 2026, 10:00 UTC")
        .contains("took 4m 12s", "3 of 6 hosts need attention: workr[2-4].")
        .contains("<details id=\"workr2\" open>", "<details id=\"workr5\" >")
        .contains("<td class=\"id\">network.address</td>", "dhcp -&gt; 192.168.64.1/16")
        .contains("<b>2</b>failed", "4 changed", "&#39;/dev/sda3&#39; is not there")
        .doesNotContain("<b>&", "<b>&amp;", "{{name}} ", "<script");
    assertThat(html.split("<details ", -1)).hasSize(7);
    assertThat(html).contains("&lt;b&gt;&amp;amp;");
  }

  /** A test that is green, and a host that is not done, would not go together. */
  @Test
  void whereWorkGoesOnNobodyKnowsYet() throws Exception {
    Element suite = elements(junit(Samples.goingOn()), "testsuite").get(0);
    List<Element> cases = elements(suite, "testcase");

    assertThat(suite.getAttribute("skipped")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    assertThat(elements(cases.get(0), "system-out").get(0).getTextContent())
        .isEqualTo("the re-encryption goes on by itself (12 %)");
    assertThat(elements(cases.get(0), "skipped")).isEmpty();
    assertThat(elements(cases.get(2), "skipped").get(0).getAttribute("message"))
        .isEqualTo("the re-encryption goes on by itself (12 %); run the goal again to finish");
    assertThat(ReportHtml.text(Samples.goingOn()))
        .contains("Work goes on by itself on workr1.", "(12 %); run the goal again to finish");
    JsonNode json = JsonMapper.shared().readTree(ReportJson.text(Samples.goingOn()));
    assertThat(json.get("successful").asBoolean()).isTrue();
    assertThat(json.get("hosts").get(0).get("goesOn").asBoolean()).isTrue();
    assertThat(json.get("hosts").get(0).get("status").asString()).isEqualTo("changed");
  }

  @Test
  void htmlLoadsNothing() {
    String html = ReportHtml.text(Samples.report());

    assertThat(html)
        .contains("content=\"default-src 'none'; style-src 'unsafe-inline'\"")
        .doesNotContainPattern("(?i)(src|href)=\"(?!#)|url\\(|@import|https?:");
  }

  @Test
  void filesAreWritten() throws IOException {
    ReportJson.write(Samples.report(), folder.resolve("workr/report.json"));
    JunitXml.write(Samples.report(), folder.resolve("workr/junit.xml"));
    ReportHtml.write(Samples.report(), folder.resolve("workr/report.html"));

    assertThat(Files.readString(folder.resolve("workr/report.json"))).endsWith("}\n");
    assertThat(Files.readString(folder.resolve("workr/junit.xml")))
        .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"workr prov");
    assertThat(Files.readString(folder.resolve("workr/report.html"))).endsWith("</html>\n");
  }

  private static Element junit() throws Exception {
    return junit(Samples.report());
  }

  private static Element junit(Report report) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JunitXml.text(report))));
    return document.getDocumentElement();
  }

  private static List<Element> elements(Element parent, String name) {
    NodeList nodes = parent.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
