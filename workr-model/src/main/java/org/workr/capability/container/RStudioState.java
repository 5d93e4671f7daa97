package org.workr.capability.container;

import java.util.Map;

/**
 * How RStudio stands on a host.
 *
 * @param password whether there is one
 * @param key whether there is the private key of its certificate
 * @param active what systemd says of the unit; empty when there is none
 * @param listens whether it answers
 * @param sessions open sessions
 */
record RStudioState(boolean password, boolean key, String active, boolean listens, int sessions) {
  /** Of words and what stands behind them, as {@link RStudioPaths#PROBE} prints them. */
  static RStudioState of(Map<String, String> words) {
    return new RStudioState(
        words.containsKey("rstudio-password"),
        words.containsKey("rstudio-key"),
        words.getOrDefault("rstudio-active", ""),
        words.containsKey("rstudio-listens"),
        Integer.parseInt(words.getOrDefault("rstudio-sessions", "0")));
  }
}
