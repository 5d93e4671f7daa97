package org.workr.capability.tailscale;

import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/**
 * An option of {@code tailscale up}.
 *
 * @param value for example {@code --accept-routes}
 */
public record TailscaleOption(String value) {
  private static final Pattern FORM =
      Pattern.compile("--[a-z][a-z0-9-]{0,40}(=[A-Za-z0-9._:/@,+-]{0,200})?");

  /** Refuses secrets, and what would not be one option. */
  public TailscaleOption {
    if (value.startsWith("--auth") || value.contains("tskey-")) {
      throw new InvalidValueException(
          "the key for joining the tailnet must not stand in a pom",
          "Remove it, take it for exposed, and give a new one as the secret <cluster>.tailscale.");
    }
    if (value.startsWith("--login-server")) {
      throw new InvalidValueException(
          "'" + value + "' has an element of its own", "Use <loginServer>.");
    }
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not an option of tailscale up",
          "Use a value such as --accept-routes or --advertise-tags=tag:workr.");
    }
  }

  /** The option {@code text}. */
  public static TailscaleOption parse(String text) {
    return new TailscaleOption(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
