package org.workr.capability.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.render.Placeholders;
import org.workr.render.R;
import org.workr.render.Shell;
import org.workr.value.HttpUrl;
import org.workr.value.RPackageName;

/**
 * How the image is made from the declared one: an SSH server, the account and the R packages are in
 * it, so that a container needs no network to start, and starts the same everywhere.
 *
 * @param spec what is declared
 */
record Recipe(ContainerSpec spec) {
  /** What of the pom goes into the image, as the lock calls it. */
  static final List<String> WORDS = List.of("from", "user", "packages", "repository", "tls");

  /** Where the files are that it is built from. */
  static final String FOLDER = "/var/lib/workr/image";

  private static final String INSTALL =
      """
      # Written by workr: what is in the image beside what it is made from.
      set -eu
      refuse() { echo "workr: $1" >&2; exit 1; }
      export DEBIAN_FRONTEND=noninteractive
      command -v Rscript >/dev/null || refuse 'there is no Rscript in the image'
      lacks=
      [ -x /usr/sbin/sshd ] || lacks=openssh-server
      PAGE
      if [ -n "$lacks" ]; then
        command -v apt-get >/dev/null || refuse "the image has neither $lacks nor apt-get to install it"
        { apt-get -q update && apt-get -q -y --no-install-recommends install $lacks; } || refuse "$lacks could not be installed in the image"
        rm -rf /var/lib/apt/lists/*
      fi
      rm -f /etc/ssh/ssh_host_*
      id -u USER >/dev/null 2>&1 || useradd --create-home --shell /bin/bash USER
      [ "$(id -u USER)" -ne 0 ] || refuse "'USER' is root in the image"
      [ "$(getent passwd USER | cut -d: -f6)" = HOME ] || refuse "the home of 'USER' in the image is not HOME"
      # No password opens them, and they are not locked, which sshd would take for more than that.
      usermod --password '*' USER
      usermod --password '*' root
      cat >/tmp/workr/packages.R <<'R'
      wanted <- WANTED
      missing <- setdiff(wanted, rownames(installed.packages()))
      repos <- REPOS
      if (length(missing) && any(repos == "@CRAN@")) {
        message("workr: the image knows no repository for R packages: declare <rRepository>")
        quit(status = 1)
      }
      if (length(missing)) install.packages(missing, repos = repos, Ncpus = parallel::detectCores())
      bad <- Filter(function(name) !requireNamespace(name, quietly = TRUE), wanted)
      if (length(bad)) {
        message("workr: R packages that could not be installed: ", paste(bad, collapse = ", "))
        quit(status = 1)
      }
      R
      Rscript /tmp/workr/packages.R
      """;

  /** What of the pom goes into the image, by {@link #WORDS}. */
  Map<String, String> declared() {
    Map<String, String> declared = new LinkedHashMap<>();
    declared.put("from", spec.image().value());
    declared.put("user", spec.user().value());
    declared.put("packages", none(packages().stream().collect(joining(","))));
    declared.put("repository", none(spec.rRepository().map(HttpUrl::value).orElse("")));
    // An image without it is the same as before there could be one with it.
    if (encrypts()) {
      declared.put("tls", "nginx");
    }
    return declared;
  }

  private boolean encrypts() {
    return spec.rstudio().filter(RStudioSpec::tls).isPresent();
  }

  private String page() {
    return spec.rstudio()
        .map(
            page ->
                "[ -x %s ] || refuse '%s'".formatted(RStudioPaths.SERVER, RStudioPlan.NOT_THERE)
                    + (page.tls()
                        ? "\n[ -x /usr/sbin/nginx ] || lacks=\"$lacks nginx-light\""
                            + "\n[ -x /usr/bin/openssl ] || lacks=\"$lacks openssl\""
                        : ""))
        .orElse(":");
  }

  private static String none(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private List<String> packages() {
    return spec.rPackages().stream().map(RPackageName::value).sorted().distinct().toList();
  }

  /**
   * R code that prints, behind a mark, its version and the names of declared packages that it
   * cannot load.
   */
  String check() {
    return "x <- c(as.character(getRversion()), Filter(function(p) !requireNamespace(p, quietly = TRUE), "
        + R.strings(packages())
        + ")); cat(\"\\nworkr:\", x); cat(\"\\n\")";
  }

  /** The account's home in the container. */
  String home() {
    return "/home/" + spec.user();
  }

  /** The Dockerfile, for a base that is there under {@code base}. */
  static String dockerfile(String base) {
    return """
        # Written by workr.
        FROM %s
        USER root
        COPY install.sh /tmp/workr/install.sh
        RUN sh /tmp/workr/install.sh && rm -rf /tmp/workr
        """
        .formatted(base);
  }

  /**
   * What a host says of an image of this recipe and {@code base} that is under way as {@code
   * build}.
   */
  String begun(String build, String base) {
    return build + " " + digest(base);
  }

  /** The name of what a host says is under way; empty when that is of another recipe. */
  Optional<String> buildOf(String begun, String base) {
    String name = begun.split(" ", 2)[0];
    return Optional.of(name).filter(build -> begun.equals(begun(build, base)));
  }

  /** What tells it from other recipes, for one base. */
  private String digest(String base) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((base + "\n" + dockerfile(base) + install()).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The script that the Dockerfile runs. */
  String install() {
    return Placeholders.fill(
        INSTALL,
        Map.of(
            "USER",
            Shell.quote(spec.user().value()),
            "HOME",
            home(),
            "PAGE",
            page(),
            "WANTED",
            R.strings(packages()),
            "REPOS",
            spec.rRepository().map(url -> R.string(url.value())).orElse("getOption(\"repos\")")));
  }
}
