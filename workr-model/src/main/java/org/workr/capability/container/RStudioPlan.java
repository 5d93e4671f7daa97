package org.workr.capability.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
import org.workr.value.SecretName;

/** What has to change on one worker for RStudio to be as declared. */
final class RStudioPlan {
  /** Before anything is changed. */
  private static final String HAS_IT =
      """
      docker run --rm --network none --entrypoint /bin/sh IMAGE -c 'test -x RSTUDIO_SERVER' || {
        echo 'there is no RStudio Server in the image: take one that has, such as rocker/rstudio, or leave out <rstudio>'
        exit 1
      }
      """;

  /** 144 bits, in characters that need no quoting; made where it is used, and never sent. */
  private static final String MAKE_PASSWORD =
      """
      umask 077
      install -d -m 0755 RSTUDIO_FOLDER RSTUDIO_ACCESS
      head -c 18 /dev/urandom | base64 | tr '+/' '-_' >RSTUDIO_PASSWORD.new
      [ "$(wc -c <RSTUDIO_PASSWORD.new)" -eq 25 ]
      chmod 0400 RSTUDIO_PASSWORD.new
      sync RSTUDIO_PASSWORD.new
      mv RSTUDIO_PASSWORD.new RSTUDIO_PASSWORD
      """;

  /** The key is one line, as secrets are. nginx says whether it goes with the certificate. */
  private static final String ENCRYPTION =
      """
      umask 077
      IFS= read -r key
      new=RSTUDIO_TLS.new
      trap 'rm -rf "$new"' EXIT
      kind=$(printf '%s' "$key" | sed -n 's/^ *-----BEGIN \\([A-Z ]*PRIVATE KEY\\)-----[A-Za-z0-9+/= ]*-----END \\1-----[ ]*$/\\1/p')
      [ -n "$kind" ] || { echo 'the secret SECRET is not a private key as PEM on one line: tr "\\n" " " <key.pem makes it one'; exit 1; }
      {
        echo "-----BEGIN $kind-----"
        printf '%s' "$key" | sed 's/-----[A-Z ]*-----//g' | tr -d ' ' | fold -w 64
        echo
        echo "-----END $kind-----"
      } | sed '/^$/d' >"$new/key.pem"
      key=
      if ! said=$(docker run --rm --network none -v "$new":/etc/workr/tls:ro --entrypoint /usr/sbin/nginx IMAGE -t -q -c /etc/workr/tls/nginx.conf 2>&1); then
        printf '%s\\n' "$said" | tail -n 3
        echo 'the certificate and the secret SECRET do not go together'
        exit 1
      fi
      rm -rf RSTUDIO_TLS
      mv "$new" RSTUDIO_TLS
      if systemctl is-active --quiet RSTUDIO_UNIT; then systemctl restart RSTUDIO_UNIT; fi
      """;

  private static final String SERVE =
      """
      UNENCRYPTED
      systemctl daemon-reload
      systemctl enable --quiet RSTUDIO_UNIT
      systemctl restart RSTUDIO_UNIT || { journalctl -q -u RSTUDIO_UNIT -n 15 --no-pager -o cat; echo 'RStudio does not start'; exit 1; }
      n=0
      until docker exec CONTAINER sh -c RSTUDIO_LISTENS >/dev/null 2>&1 </dev/null; do
        n=$((n + 1))
        if [ "$n" -ge 60 ]; then
          journalctl -q -u RSTUDIO_UNIT -n 15 --no-pager -o cat
          echo 'RStudio does not answer'
          exit 1
        fi
        sleep 1
      done
      """;

  /** The files of analysts stay. */
  private static final String REMOVE =
      """
      systemctl disable --now --quiet RSTUDIO_UNIT 2>/dev/null || :
      rm -rf RSTUDIO_FOLDER RSTUDIO_UNIT_FILE
      systemctl daemon-reload""";

  private final RStudio rstudio;
  private final RStudioState state;
  private final String before;
  private final Findings.Builder out;

  RStudioPlan(RStudio rstudio, ContainerState state, Findings.Builder out) {
    this.rstudio = rstudio;
    this.state = state.rstudio();
    this.before = state.file(ContainerState.RSTUDIO_FILES);
    this.out = out;
  }

  /** When none is declared. */
  static void remove(ContainerState state, Findings.Builder out) {
    String before = state.file(ContainerState.RSTUDIO_FILES);
    if (!before.isEmpty() || state.rstudio().password()) {
      out.change(
          Stage.SYSTEM,
          Action.DELETE,
          "rstudio",
          before.isEmpty() ? "a password" : before,
          "",
          Step.shell(Placeholders.fill(REMOVE, RStudioPaths.words(Map.of()))));
      warn(state.rstudio(), out);
    }
  }

  /** What the other container needs of it. */
  void prepare() {
    if (!state.password()) {
      out.change(
          Stage.SYSTEM,
          Action.CREATE,
          "rstudio-password",
          "",
          "made on the host",
          Step.shell(rstudio.fill(HAS_IT + MAKE_PASSWORD)));
    }
  }

  /**
   * The rest.
   *
   * @param restarted whether the container whose network it shares is
   */
  void serve(boolean restarted) {
    Map<String, String> encryption = rstudio.encryption();
    String certificate = String.join("", encryption.values());
    if (rstudio.spec().tls() && !(state.key() && before.endsWith(certificate))) {
      out.change(
          Stage.SYSTEM,
          state.key() ? Action.UPDATE : Action.CREATE,
          "rstudio-certificate",
          "",
          certificate,
          encryptionSteps(encryption).toArray(Step[]::new));
    }
    String wanted = rstudio.text();
    boolean same = before.equals(wanted);
    boolean serves = state.active().equals("active") && state.listens();
    if (!same || !serves) {
      List<Step> steps = new ArrayList<>();
      steps.add(Step.shell(rstudio.fill(HAS_IT)));
      rstudio.files().entrySet().stream()
          .filter(file -> !encryption.containsKey(file.getKey()))
          .forEach(file -> steps.add(Step.file(file.getKey(), file.getValue(), mode(file))));
      steps.add(
          Step.shell(
              rstudio.fill(
                  SERVE.replace(
                      "UNENCRYPTED", rstudio.spec().tls() ? ":" : "rm -rf RSTUDIO_TLS"))));
      out.change(
          Stage.SYSTEM,
          before.isEmpty() ? Action.CREATE : Action.UPDATE,
          "rstudio",
          same
              ? "the unit is " + state.active() + (state.listens() ? "" : ", and does not answer")
              : before,
          same ? "it runs, and answers" : wanted,
          steps.toArray(Step[]::new));
    }
    if (!same || !serves || restarted) {
      warn(state, out);
    }
  }

  private static String mode(Map.Entry<String, String> file) {
    return file.getKey().endsWith("/database.conf")
        ? "0600"
        : file.getKey().endsWith("/login") ? "0755" : "0644";
  }

  private List<Step> encryptionSteps(Map<String, String> files) {
    List<Step> steps = new ArrayList<>();
    String secret = SecretName.ofCluster(rstudio.host().cluster(), RStudioSpec.SECRET).toString();
    steps.add(
        Step.shell(rstudio.fill("rm -rf RSTUDIO_TLS.new\ninstall -d -m 0755 RSTUDIO_TLS.new\n")));
    files.forEach(
        (path, content) ->
            steps.add(
                Step.file(
                    path.replace(RStudioPaths.TLS + "/", RStudioPaths.TLS + ".new/"),
                    content,
                    "0644")));
    steps.add(
        Step.shell(
            rstudio.fill(ENCRYPTION.replace("SECRET", secret)),
            SecretName.ofCluster(rstudio.host().cluster(), RStudioSpec.SECRET)));
    return steps;
  }

  private static void warn(RStudioState state, Findings.Builder out) {
    if (state.sessions() > 0) {
      out.warning(
          state.sessions() + " sessions of RStudio are open, and end with it",
          "Ask those who use it when it suits them; files in their home stay.");
    }
  }
}
