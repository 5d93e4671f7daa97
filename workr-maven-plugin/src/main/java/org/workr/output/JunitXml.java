package org.workr.output;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.workr.diagnostic.Diagnostic;
import org.workr.file.DurableFile;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;

/**
 * A report in the form of JUnit's, which every CI system shows: one suite for each host, one case
 * for each change, and a case "as declared" for what became of the host as a whole. Suites follow
 * Surefire's schema.
 */
public final class JunitXml {
  private final XMLStreamWriter xml;

  private JunitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** Writes {@code report}. */
  public static void write(Report report, Path file) throws IOException {
    DurableFile.write(file, text(report));
  }

  static String text(Report report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      new JunitXml(xml).report(report);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML could not be written to memory", e);
    }
    return text + "\n";
  }

  private void report(Report report) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    line();
    xml.writeStartElement("testsuites");
    attribute("name", "workr " + report.goal() + " " + report.cluster());
    attribute("time", seconds(report.took()));
    for (HostOutcome host : report.hosts()) {
      suite(report.cluster(), host);
    }
    line();
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(String cluster, HostOutcome host) throws XMLStreamException {
    String name = cluster + "." + host.host();
    line();
    xml.writeStartElement("testsuite");
    attribute("name", name);
    attribute("time", seconds(host.took()));
    attribute("tests", Integer.toString(host.changes().size() + 1));
    attribute("errors", host.status() == Status.UNREACHABLE ? "1" : "0");
    attribute("skipped", Integer.toString(host.count(Status.SKIPPED) + (skipped(host) ? 1 : 0)));
    attribute("failures", Integer.toString(host.count(Status.FAILED) + (failed(host) ? 1 : 0)));
    for (ChangeOutcome change : host.changes()) {
      startCase(name, change.id(), change.took());
      if (change.status() == Status.FAILED) {
        verdict("failure", change.message(), "failed", change.message());
      } else if (change.status() == Status.SKIPPED) {
        verdict("skipped", change.message(), "", "");
      } else if (!change.message().isEmpty()) {
        output(change.message());
      }
      endCase();
    }
    host(name, host);
    line();
    xml.writeEndElement();
  }

  private void host(String name, HostOutcome host) throws XMLStreamException {
    startCase(name, "as declared", host.took());
    String all = everything(host);
    if (host.status() == Status.UNREACHABLE) {
      verdict("error", host.message(), "unreachable", all);
    } else if (failed(host)) {
      String message = host.message().isEmpty() ? "it has problems" : host.message();
      verdict("failure", message, host.status().word(), all);
    } else if (skipped(host)) {
      verdict("skipped", host.message(), "", "");
    } else if (!all.isEmpty()) {
      output(all);
    }
    endCase();
  }

  private static boolean failed(HostOutcome host) {
    return host.status() != Status.UNREACHABLE && host.needsAttention();
  }

  /** Where work still goes on, nobody knows yet. */
  private static boolean skipped(HostOutcome host) {
    return (host.status() == Status.SKIPPED || host.goesOn()) && !host.needsAttention();
  }

  private static String everything(HostOutcome host) {
    StringBuilder text = new StringBuilder(host.message());
    for (Diagnostic problem : host.problems()) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append(problem.severity().name().toLowerCase(Locale.ROOT)).append(": ").append(problem);
    }
    return text.toString();
  }

  private void startCase(String suite, String name, Duration took) throws XMLStreamException {
    line();
    xml.writeStartElement("testcase");
    attribute("name", name);
    attribute("classname", suite);
    attribute("time", seconds(took));
  }

  private void verdict(String element, String message, String type, String text)
      throws XMLStreamException {
    xml.writeStartElement(element);
    attribute("message", message.lines().findFirst().orElse(""));
    if (!type.isEmpty()) {
      attribute("type", type);
    }
    xml.writeCharacters(legal(text));
    xml.writeEndElement();
  }

  private void output(String text) throws XMLStreamException {
    xml.writeStartElement("system-out");
    xml.writeCharacters(legal(text));
    xml.writeEndElement();
  }

  private void endCase() throws XMLStreamException {
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  private void line() throws XMLStreamException {
    xml.writeCharacters("\n");
  }

  private static String seconds(Duration span) {
    return String.format(Locale.ROOT, "%.3f", span.toMillis() / 1000.0);
  }

  /** What a command printed may hold characters that XML 1.0 cannot, not even escaped. */
  private static String legal(String text) {
    return text.codePoints()
        .map(c -> legal(c) ? c : 0xFFFD)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean legal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
