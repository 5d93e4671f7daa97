package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;

/**
 * One enabled entry of sources.list(5), in either of its two formats.
 *
 * @param uris where
 * @param suites which releases
 * @param components which parts of them
 */
record AptSource(List<String> uris, List<String> suites, List<String> components) {
  private static final Pattern ONE_LINE =
      Pattern.compile("deb\\s+(?:\\[[^\\]]*\\]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");

  private static final Pattern CREDENTIALS = Pattern.compile("^([^/]*//)[^/]*@");

  /** Copies the lists. */
  AptSource {
    uris = List.copyOf(uris);
    suites = List.copyOf(suites);
    components = List.copyOf(components);
  }

  /** The enabled binary entries of a file. */
  static List<AptSource> parse(String path, String content) {
    return path.contains(".sources") ? paragraphs(content) : lines(content);
  }

  /** Whether a URI has a user or a password in it. */
  boolean hasCredentials() {
    return !shownUris().equals(uris);
  }

  /** The URIs as they may be shown: without user and password. */
  List<String> shownUris() {
    return uris.stream().map(uri -> CREDENTIALS.matcher(uri).replaceFirst("$1")).toList();
  }

  /** Whether {@code host} is asked for packages by it. */
  boolean isOn(String host) {
    return uris.stream().anyMatch(uri -> hostOf(uri).equals(host));
  }

  private static String hostOf(String uri) {
    try {
      return HttpUrl.parse(uri).host();
    } catch (InvalidValueException e) {
      // cdrom:, file:, mirror+file:
      return "";
    }
  }

  private static List<AptSource> lines(String content) {
    List<AptSource> sources = new ArrayList<>();
    for (String line : content.lines().toList()) {
      Matcher matcher = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
      if (matcher.matches()) {
        sources.add(
            new AptSource(
                List.of(matcher.group(1)), List.of(matcher.group(2)), words(matcher.group(3))));
      }
    }
    return sources;
  }

  /** Deb822: paragraphs of fields, continued by lines that begin with a blank. */
  private static List<AptSource> paragraphs(String content) {
    List<AptSource> sources = new ArrayList<>();
    Map<String, String> fields = new TreeMap<>();
    String field = "";
    List<String> lines = new ArrayList<>(content.lines().toList());
    lines.add("");
    for (String line : lines) {
      if (line.startsWith("#")) {
        continue;
      }
      if (line.isBlank()) {
        if (words(fields.getOrDefault("types", "")).contains("deb")
            && !fields.getOrDefault("enabled", "yes").strip().equalsIgnoreCase("no")) {
          sources.add(
              new AptSource(
                  words(fields.getOrDefault("uris", "")),
                  words(fields.getOrDefault("suites", "")),
                  words(fields.getOrDefault("components", ""))));
        }
        fields.clear();
      } else if (Character.isWhitespace(line.charAt(0))) {
        fields.merge(field, " " + line.strip(), String::concat);
      } else {
        int colon = Math.max(0, line.indexOf(':'));
        field = line.substring(0, colon).toLowerCase(Locale.ROOT);
        fields.put(field, line.substring(Math.min(colon + 1, line.length())));
      }
    }
    return sources;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
  }
}
