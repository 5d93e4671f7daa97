package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.workr.render.Placeholders;
import org.workr.render.Shell;
import org.workr.render.Yaml;
import org.workr.value.Host;
import org.workr.value.PemCertificate;

/**
 * RStudio beside the container in which R runs: a container of its own, of the same image, that
 * shares its network and nothing else. It runs as the account and has no capability at all, so the
 * password is checked by a program of workr's, as rserver's option {@code auth-pam-helper-path}
 * allows (rserver calls it with the name as the first argument and the password on stdin).
 *
 * @param declared what is declared, with {@code <rstudio>}
 * @param host the worker
 * @param image its name on the host
 * @param command the command line of compose
 */
record RStudio(RContainer declared, Host host, String image, String command) {
  private static final String LOGIN =
      """
      #!/bin/sh
      # Written by mvn workr:deploy-container. NAME, and the password on stdin.
      [ "$1" = USER ] || exit 1
      IFS= read -r given
      [ -n "$given" ] && [ "$given" = "$(cat INSIDE/password)" ]
      """;

  private static final String DATABASE = "provider=sqlite\ndirectory=/tmp\n";

  /** A session that gets this signal writes what it has in memory to its home, and ends. */
  private static final String SUSPEND =
      """
      # Written by mvn workr:deploy-container: asks sessions to write down what they have in memory, and waits a little.
      for n in 1 2 3 4 5 6 7 8 9 10; do
        left=
        for comm in /proc/[0-9]*/comm; do
          read -r name <"$comm" || continue
          [ "$name" = rsession ] || continue
          left=yes
          pid=${comm%/comm}
          [ "$n" -gt 1 ] || kill -USR2 "${pid#/proc/}"
        done
        [ "$left" ] || exit 0
        sleep 1
      done
      """;

  /** An account may have another number in another image. */
  private static final String PREPARATION =
      """
      #!/bin/sh
      # Written by mvn workr:deploy-container: waits for the container that it shares the network with, and gives files to the account.
      set -eu
      n=0
      until [ "$(docker inspect -f '{{.State.Running}}' CONTAINER 2>/dev/null)" = true ]; do
        n=$((n + 1))
        [ "$n" -lt 120 ] || exit 1
        sleep 1
      done
      account=$(docker run --rm --network none --entrypoint /bin/sh IMAGE -c 'echo "$(id -u USER):$(id -g USER)"')
      for file in RSTUDIO_PASSWORD RSTUDIO_SETTINGS/database.conf RSTUDIO_TLS/key.pem; do
        [ ! -e "$file" ] || chown "$account" "$file"
      done
      install -d -m 0700 RSTUDIO_HOME
      [ "$(stat -c %u:%g RSTUDIO_HOME)" = "$account" ] || chown -hR "$account" RSTUDIO_HOME
      """;

  /** It ends and begins with the container whose network it shares. */
  private static final String SERVICE =
      """
      # Written by mvn workr:deploy-container; do not change it, but run that again.
      [Unit]
      Description=RStudio of the cluster CLUSTER
      PartOf=UNIT_NAME
      After=UNIT_NAME

      [Service]
      WorkingDirectory=RSTUDIO_FOLDER
      ExecStartPre=-docker rm -fv RSTUDIO_CONTAINER workr-tls
      ExecStartPre=/bin/sh RSTUDIO_PREPARE
      ExecStart=COMMAND -p workr-rstudio -f RSTUDIO_COMPOSE up --no-color --abort-on-container-exit
      ExecStop=-docker exec RSTUDIO_CONTAINER sh /etc/workr/rstudio/suspend
      ExecStop=-docker stop -t 10 RSTUDIO_CONTAINER workr-tls
      ExecStopPost=-docker rm -fv RSTUDIO_CONTAINER workr-tls
      TimeoutStartSec=300
      TimeoutStopSec=60
      Restart=always
      RestartSec=5

      [Install]
      WantedBy=UNIT_NAME
      """;

  /** RStudio makes the addresses that it sends browsers to of the header X-RStudio-Request. */
  private static final String NGINX_CONF =
      """
      # Written by mvn workr:deploy-container; do not change it, but run that again.
      daemon off;
      worker_processes 1;
      pid /tmp/nginx.pid;
      error_log /dev/stderr warn;
      events { worker_connections 512; }
      http {
        access_log off;
        server_tokens off;
        client_max_body_size 0;
        client_body_temp_path /tmp/body;
        proxy_temp_path /tmp/proxy;
        fastcgi_temp_path /tmp/fastcgi;
        uwsgi_temp_path /tmp/uwsgi;
        scgi_temp_path /tmp/scgi;
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        server {
          listen PORT ssl;
          ssl_certificate /etc/workr/tls/certificate.pem;
          ssl_certificate_key /etc/workr/tls/key.pem;
          ssl_protocols TLSv1.2 TLSv1.3;
          location / {
            proxy_pass http://127.0.0.1:INNER;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-RStudio-Request $scheme://$http_host$request_uri;
            proxy_read_timeout 20d;
            proxy_buffering off;
          }
        }
      }
      """;

  /** One argument of a shell's command line. */
  static String listens(RStudioSpec spec) {
    return Shell.quote(
        Compose.listens(spec.port())
            + (spec.tls() ? " && " + Compose.listens(spec.innerPort()) : ""));
  }

  RStudioSpec spec() {
    return declared.spec().rstudio().orElseThrow();
  }

  /** The files, by their paths, in the order of the probe; but for what is secret. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(RStudioPaths.COMPOSE, compose());
    files.put(RStudioPaths.SETTINGS + "/login", fill(LOGIN));
    files.put(RStudioPaths.SETTINGS + "/database.conf", DATABASE);
    files.put(RStudioPaths.SETTINGS + "/suspend", SUSPEND);
    files.put(RStudioPaths.PREPARE, fill(PREPARATION));
    files.put(RStudioPaths.UNIT_FILE, fill(SERVICE));
    files.putAll(encryption());
    return files;
  }

  /** Those of what encrypts; none without certificates. */
  Map<String, String> encryption() {
    Map<String, String> files = new LinkedHashMap<>();
    if (spec().tls()) {
      files.put(RStudioPaths.NGINX, fill(NGINX_CONF));
      files.put(
          RStudioPaths.CERTIFICATE,
          spec().certificates().stream().map(PemCertificate::pem).collect(joining()));
    }
    return files;
  }

  /** All of them, as the probe tells them. */
  String text() {
    return String.join("", files().values());
  }

  /** A script with the words of both containers filled in. */
  String fill(String script) {
    return Placeholders.fill(
        script,
        RStudioPaths.words(
            Map.of(
                "USER", declared.spec().user().value(),
                "IMAGE", image,
                "COMMAND", command,
                "CLUSTER", host.cluster(),
                "INSIDE", RStudioSpec.PASSWORD_FOLDER,
                "PORT", String.valueOf(spec().port()),
                "INNER", String.valueOf(spec().innerPort()),
                "RSTUDIO_LISTENS", listens(spec()))));
  }

  private String compose() {
    String rserver =
        service(
            "rstudio",
            RStudioPaths.CONTAINER,
            List.of(RStudioPaths.SERVER),
            options().map(o -> "--" + o).toList(),
            List.of(
                RStudioPaths.HOME + ":" + new Recipe(declared.spec()).home(),
                RStudioPaths.SETTINGS + ":/etc/workr/rstudio:ro",
                RStudioPaths.ACCESS + ":" + RStudioSpec.PASSWORD_FOLDER + ":ro"));
    String nginx =
        service(
            "tls",
            "workr-tls",
            List.of("/usr/sbin/nginx"),
            List.of("-c", "/etc/workr/tls/nginx.conf"),
            List.of(RStudioPaths.TLS + ":/etc/workr/tls:ro"));
    return "# Written by mvn workr:deploy-container; do not change it, but run that again.\nservices:\n"
        + rserver
        + (spec().tls() ? nginx : "");
  }

  /** All that differs from what rserver does without, when root has not started it. */
  private Stream<String> options() {
    boolean outside = spec().address() == RStudioAddress.HOST && !spec().tls();
    return Stream.concat(
        Stream.of(
            "server-daemonize=0",
            "server-user=" + declared.spec().user(),
            // All that it writes, beside the home: folders of the image are not the account's.
            "server-data-dir=/tmp/rstudio-server",
            "secure-cookie-key-file=/tmp/secure-cookie-key",
            "database-config-file=/etc/workr/rstudio/database.conf",
            "auth-none=0",
            "auth-pam-helper-path=/etc/workr/rstudio/login",
            "www-address=" + (outside ? "0.0.0.0" : "127.0.0.1"),
            "www-port=" + spec().innerPort()),
        spec().tls() ? Stream.of("auth-cookies-force-secure=1") : Stream.of());
  }

  private String service(
      String name,
      String container,
      List<String> entrypoint,
      List<String> arguments,
      List<String> volumes) {
    return "  %s:\n".formatted(name)
        + Stream.of(
                "container_name: " + container,
                "image: " + Yaml.string(image),
                "network_mode: \"container:" + ContainerPaths.CONTAINER + "\"",
                "user: " + Yaml.string(declared.spec().user().value()),
                "environment: {USER: "
                    + Yaml.string(declared.spec().user().value())
                    + ", LANG: C.UTF-8, RS_LOGGER_TYPE: stderr}",
                "entrypoint: " + Yaml.strings(entrypoint),
                "command: " + Yaml.strings(arguments),
                "init: true",
                "read_only: true",
                "cap_drop: [\"ALL\"]",
                "security_opt: [\"no-new-privileges\"]",
                "volumes: "
                    + Yaml.strings(Stream.concat(Stream.of("/tmp"), volumes.stream()).toList()),
                "stop_grace_period: 10s",
                "logging: {driver: json-file, options: {max-size: \"10m\", max-file: \"3\"}}")
            .map(line -> "    " + line + "\n")
            .collect(joining())
        + Compose.limits(declared.spec());
  }
}
