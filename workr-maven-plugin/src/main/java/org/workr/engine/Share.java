package org.workr.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/**
 * How many of a cluster's hosts, as a number or as a percentage.
 *
 * @param number how many, or how many per cent
 * @param percent whether it is a percentage
 */
public record Share(int number, boolean percent) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(%?)");

  /** Refuses shares that are none, and those that are more than all. */
  public Share {
    if (number < 1 || (percent && number > 100)) {
      throw invalid(number + (percent ? "%" : ""));
    }
  }

  /**
   * The share that {@code text} says, such as {@code 3} or {@code 25%}.
   *
   * @throws InvalidValueException when it is none
   */
  public static Share parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw invalid(text);
    }
    return new Share(Integer.parseInt(matcher.group(1)), !matcher.group(2).isEmpty());
  }

  /** How many of {@code hosts} that is: at least 1, and a part of a host counts as one. */
  public int of(int hosts) {
    return Math.max(1, percent ? (hosts * number + 99) / 100 : number);
  }

  private static InvalidValueException invalid(String text) {
    return new InvalidValueException(
        "'" + text + "' is no share of the hosts",
        "Use a number from 1, such as 3, or a percentage from 1% to 100%, such as 25%.");
  }
}
