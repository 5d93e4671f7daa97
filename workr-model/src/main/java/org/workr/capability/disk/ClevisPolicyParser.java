package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;
import org.workr.value.Thumbprint;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON that {@code clevis encrypt sss} takes, more strictly than Clevis: what Clevis
 * would ignore (an unknown key) or find out only when a host boots is refused, with its position.
 */
final class ClevisPolicyParser {
  private static final Pattern CLOSED =
      Pattern.compile("Unexpected close marker '(.)': expected '(.)'");
  private static final int DEEPEST = 8;

  private final JsonParser json;

  private ClevisPolicyParser(JsonParser json) {
    this.json = json;
  }

  static Pin.Sss parse(String text) {
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      ClevisPolicyParser parser = new ClevisPolicyParser(json);
      parser.next();
      Pin.Sss sss = parser.sss("the policy", 1);
      if (parser.next() != null) {
        throw parser.wrong("there is something behind the policy", "End it with its last brace.");
      }
      return sss;
    } catch (StreamReadException e) {
      throw notJson(text, e);
    } catch (JacksonException e) {
      throw new InvalidValueException("the policy cannot be read", "Write it as JSON.");
    }
  }

  private Pin.Sss sss(String what, int depth) {
    open(what);
    if (depth > DEEPEST) {
      throw wrong("sss pins are nested deeper than " + DEEPEST, "Make the policy simpler.");
    }
    TokenStreamLocation start = json.currentTokenLocation();
    Integer threshold = null;
    TokenStreamLocation thresholdAt = start;
    List<Pin> pins = null;
    Set<String> seen = new HashSet<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = key(seen, what);
      thresholdAt = key.equals("t") ? json.currentTokenLocation() : thresholdAt;
      switch (key) {
        case "t" -> threshold = number("t", 1, 255);
        case "pins" -> pins = pins(depth);
        default -> throw unknown(key, what, "t, pins");
      }
    }
    if (threshold == null || pins == null || pins.isEmpty()) {
      throw wrong(
          start,
          what + " has no " + (threshold == null ? "threshold 't'" : "'pins'"),
          "Write {\"t\":1,\"pins\":{\"tang\":[{\"url\":\"http://...\",\"thp\":\"...\"}]}}.");
    }
    if (threshold > pins.size()) {
      throw wrong(
          thresholdAt,
          "the threshold " + threshold + " is more than the " + pins.size() + " pins can give",
          "Use a threshold from 1 to " + pins.size() + ".");
    }
    return new Pin.Sss(threshold, pins);
  }

  private List<Pin> pins(int depth) {
    open("pins");
    List<Pin> pins = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (next() != JsonToken.END_OBJECT) {
      String name = key(seen, "pins");
      if (!Set.of("tang", "tpm2", "sss").contains(name)) {
        throw unknown(name, "pins", "tang, tpm2, sss");
      }
      if (next() != JsonToken.START_ARRAY) {
        pins.add(pin(name, depth));
        continue;
      }
      while (next() != JsonToken.END_ARRAY) {
        pins.add(pin(name, depth));
      }
    }
    return pins;
  }

  private Pin pin(String name, int depth) {
    return switch (name) {
      case "tang" -> tang();
      case "tpm2" -> tpm2();
      default -> sss("an sss pin", depth + 1);
    };
  }

  private Pin tang() {
    open("a tang pin");
    TokenStreamLocation start = json.currentTokenLocation();
    HttpUrl url = null;
    Thumbprint thumbprint = null;
    Set<String> seen = new HashSet<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = key(seen, "a tang pin");
      switch (key) {
        case "url" -> url = value(HttpUrl::parse);
        case "thp" -> thumbprint = value(Thumbprint::parse);
        default -> throw unknown(key, "a tang pin", "url, thp");
      }
    }
    if (url == null) {
      throw wrong(start, "a tang pin has no 'url'", "Say where the server is.");
    }
    return new Pin.Tang(url, Optional.ofNullable(thumbprint));
  }

  private Pin tpm2() {
    open("a tpm2 pin");
    PcrBank bank = PcrBank.SHA1; // What Clevis takes when nothing is said.
    List<Integer> pcrs = List.of();
    Set<String> seen = new HashSet<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = key(seen, "a tpm2 pin");
      switch (key) {
        case "pcr_bank" -> bank = value(ClevisPolicyParser::bank);
        case "pcr_ids" -> pcrs = value(ClevisPolicyParser::registers);
        default -> throw unknown(key, "a tpm2 pin", "pcr_bank, pcr_ids");
      }
    }
    return new Pin.Tpm2(bank, pcrs);
  }

  private static PcrBank bank(String text) {
    for (PcrBank bank : PcrBank.values()) {
      if (bank.name().toLowerCase(Locale.ROOT).equals(text)) {
        return bank;
      }
    }
    throw new InvalidValueException(
        "'" + text + "' is not a bank of registers", "Use sha1, sha256, sha384 or sha512.");
  }

  private static List<Integer> registers(String text) {
    List<Integer> registers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]|1[0-9]|2[0-3]") || registers.contains(Integer.valueOf(part))) {
        throw new InvalidValueException(
            "'" + text + "' is not a list of registers",
            "Use numbers from 0 to 23, such as 7 or 0,7.");
      }
      registers.add(Integer.valueOf(part));
    }
    return registers;
  }

  private void open(String what) {
    if (json.currentToken() == JsonToken.PROPERTY_NAME) {
      next();
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(what + " is not an object", "Write it in braces: { }.");
    }
  }

  private String key(Set<String> seen, String what) {
    String key = json.currentName();
    if (!seen.add(key)) {
      throw wrong("'" + key + "' stands twice in " + what, "Remove one of them.");
    }
    return key;
  }

  private int number(String key, int min, int max) {
    boolean whole = next() == JsonToken.VALUE_NUMBER_INT && json.getString().length() < 9;
    if (!whole || json.getIntValue() < min || json.getIntValue() > max) {
      throw wrong(
          "'" + key + "' is not a number from " + min + " to " + max,
          "Write it without quotes, such as \"" + key + "\":2.");
    }
    return json.getIntValue();
  }

  private <T> T value(java.util.function.Function<String, T> parser) {
    String key = json.currentName();
    if (next() != JsonToken.VALUE_STRING) {
      throw wrong("'" + key + "' is not a text", "Write it in double quotes.");
    }
    try {
      return parser.apply(json.getString());
    } catch (InvalidValueException e) {
      throw wrong(e.summary(), e.hint());
    }
  }

  private JsonToken next() {
    return json.nextToken();
  }

  private InvalidValueException unknown(String key, String what, String allowed) {
    String hint =
        key.equals("adv") ? "Use the thumbprint 'thp' instead." : "Allowed: " + allowed + ".";
    return wrong("there is no '" + key + "' in " + what, hint);
  }

  private InvalidValueException wrong(String summary, String hint) {
    return wrong(json.currentTokenLocation(), summary, hint);
  }

  private static InvalidValueException wrong(TokenStreamLocation at, String summary, String hint) {
    return new InvalidValueException(position(at) + summary, hint);
  }

  private static InvalidValueException notJson(String text, StreamReadException e) {
    TokenStreamLocation at = e.getLocation();
    int offset = (int) Math.max(0, at.getCharOffset());
    String found = offset < text.length() ? "'" + text.charAt(offset) + "'" : "the end";
    String message = e.getOriginalMessage();
    Matcher closed = CLOSED.matcher(message);
    if (closed.find()) {
      return wrong(
          at,
          "'" + closed.group(1) + "' stands where '" + closed.group(2) + "' is expected",
          "Every '{' needs its '}' and every '[' its ']', in the right order.");
    }
    if (text.indexOf('\'') >= 0) {
      return wrong(at, "not JSON at " + found, "JSON has double quotes, not single ones.");
    }
    return wrong(at, "not JSON at " + found, "Look for a missing quote, comma, colon or brace.");
  }

  private static String position(TokenStreamLocation at) {
    return "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }
}
