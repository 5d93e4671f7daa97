package org.workr.capability.container;

import java.util.List;
import java.util.Map;

/**
 * Where things of RStudio are on a host, what they are called there, and how they are looked at.
 */
final class RStudioPaths {
  static final String FOLDER = ContainerPaths.FOLDER + "/rstudio";

  /** What analysts may read, in both containers: the password. */
  static final String ACCESS = FOLDER + "/access";

  static final String PASSWORD = ACCESS + "/password";
  static final String TLS = FOLDER + "/tls";

  /** Files of analysts: no deployment removes it. */
  static final String HOME = "/var/lib/workr/rstudio-home";

  static final String CONTAINER = "workr-rstudio";
  static final String UNIT = "workr-rstudio.service";
  static final String SERVER = "/usr/lib/rstudio-server/bin/rserver";

  static final String COMPOSE = FOLDER + "/compose.yaml";
  static final String SETTINGS = FOLDER + "/settings";
  static final String PREPARE = FOLDER + "/prepare";
  static final String UNIT_FILE = "/etc/systemd/system/" + UNIT;
  static final String NGINX = TLS + "/nginx.conf";
  static final String CERTIFICATE = TLS + "/certificate.pem";

  /** What of them is on the host is told in this order. */
  static final List<String> FILES =
      List.of(
          COMPOSE,
          SETTINGS + "/login",
          SETTINGS + "/database.conf",
          SETTINGS + "/suspend",
          PREPARE,
          UNIT_FILE,
          NGINX,
          CERTIFICATE);

  /** What these are called in scripts. */
  static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("RSTUDIO_FOLDER", FOLDER),
          Map.entry("RSTUDIO_COMPOSE", COMPOSE),
          Map.entry("RSTUDIO_FILES", String.join(" ", FILES)),
          Map.entry("RSTUDIO_PASSWORD", PASSWORD),
          Map.entry("RSTUDIO_ACCESS", ACCESS),
          Map.entry("RSTUDIO_SETTINGS", SETTINGS),
          Map.entry("RSTUDIO_PREPARE", PREPARE),
          Map.entry("RSTUDIO_TLS", TLS),
          Map.entry("RSTUDIO_HOME", HOME),
          Map.entry("RSTUDIO_UNIT_FILE", UNIT_FILE),
          Map.entry("RSTUDIO_UNIT", UNIT),
          Map.entry("RSTUDIO_SERVER", SERVER),
          Map.entry("RSTUDIO_CONTAINER", CONTAINER));

  /** What the files of the host say. */
  static final String PROBE =
      """
      if [ -e RSTUDIO_COMPOSE ]; then
        echo 'file rstudio'
        cat RSTUDIO_FILES 2>/dev/null | sed 's/^/| /'
        echo "rstudio-active $(systemctl is-active RSTUDIO_UNIT 2>/dev/null)"
      fi
      if [ -s RSTUDIO_PASSWORD ]; then echo rstudio-password; fi
      if [ -s RSTUDIO_TLS/key.pem ]; then echo rstudio-key; fi
      """;

  /** Beside a container that runs. */
  static final String PROBE_RUNNING =
      """
      if [ -e RSTUDIO_COMPOSE ]; then
        if docker exec CONTAINER sh -c RSTUDIO_LISTENS >/dev/null 2>&1 </dev/null; then echo rstudio-listens; fi
        echo "rstudio-sessions $(docker top RSTUDIO_CONTAINER -eo pid,args 2>/dev/null | grep -c '/rsession ')"
      fi
      """;

  private RStudioPaths() {}

  /** Those of both containers, and others. */
  static Map<String, String> words(Map<String, String> more) {
    Map<String, String> all = ContainerPaths.and(WORDS);
    all.putAll(more);
    return all;
  }
}
