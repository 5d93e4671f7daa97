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
  /** What is said of an image that has it not. */
  static final String NOT_THERE =
      "there is no RStudio Server in the image: take one that has, such as rocker/rstudio, or leave out"
          + " <rstudio>";

  /** Before anything is changed; by the image's id, as a name it gets later. */
  private static final String HAS_IT =
      """
      has=$(docker run --rm --network none --entrypoint /bin/sh DIGEST -c 'if [ -x RSTUDIO_SERVER ]; then echo yes; else echo no; fi' 2>&1 | tail -n 1)
      case $has in
        yes) ;;
        no) echo 'NOT_THERE'; exit 1 ;;
        *) printf '%s\\n' "the image could not be looked at: $has"; exit 1 ;;
      esac
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

  /**
   * The key is one line, as secrets are. nginx takes one of another kind than the certificate's
   * without a word, and then has nothing to show, so the public keys are compared.
   */
  private static final String ENCRYPTION =
      """
      umask 077
      IFS= read -r key
      new=RSTUDIO_TLS.new
      trap 'rm -rf "$new"' EXIT
      key=$(printf '%s' "$key" | tr -d '\\r' | sed 's/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----//')
      kind=$(printf '%s' "$key" | sed -n 's/^ *-----BEGIN \\([A-Z ]*PRIVATE KEY\\)-----[A-Za-z0-9+/= ]*-----END \\1-----[ ]*$/\\1/p')
      case $kind in
        ENCRYPTED*) echo 'the secret SECRET is a private key with a passphrase, which nobody could type: give it without'; exit 1 ;;
        '') printf '%s\\n' 'the secret SECRET is not a private key as PEM on one line, as this makes of a file: tr "\\n" " " <FILE'; exit 1 ;;
      esac
      {
        echo "-----BEGIN $kind-----"
        printf '%s' "$key" | sed 's/-----[A-Z ]*-----//g' | tr -d ' ' | fold -w 64
        echo
        echo "-----END $kind-----"
      } | sed '/^$/d' >"$new/key.pem"
      key=
      if ! said=$(docker run --rm --network none -v "$new":/etc/workr/tls:ro --entrypoint /bin/sh DIGEST -ec '
          cd /etc/workr/tls
          certified=$(openssl x509 -in certificate.pem -noout -pubkey)
          given=$(openssl pkey -in key.pem -pubout)
          if [ "$certified" != "$given" ]; then echo "they do not go together"; exit 1; fi
          exec /usr/sbin/nginx -t -q -c /etc/workr/tls/nginx.conf' 2>&1); then
        printf '%s\\n' "$said" | tail -n 3
        printf '%s\\n' "the certificate and the secret SECRET cannot be used: $(printf '%s\\n' "$said" | tail -n 1 | cut -c1-200)"
        exit 1
      fi
      rm -rf RSTUDIO_TLS
      mv "$new" RSTUDIO_TLS
      """;

  /** The compose file comes last: what was not restarted with it is not taken for done. */
  private static final String RESTART =
      """
      UNENCRYPTED
      systemctl daemon-reload
      systemctl enable --quiet RSTUDIO_UNIT
      mv RSTUDIO_COMPOSE.next RSTUDIO_COMPOSE
      systemctl restart RSTUDIO_UNIT || { journalctl -q -u RSTUDIO_UNIT -n 15 --no-pager -o cat; echo 'RStudio does not start'; exit 1; }
      """;

  private static final String WAIT =
      """
      n=0
      until docker exec CONTAINER sh -c RSTUDIO_LISTENS >/dev/null 2>&1 </dev/null && systemctl is-active --quiet RSTUDIO_UNIT; do
        n=$((n + 1))
        if [ "$n" -ge 120 ]; then
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
  private final String id;
  private final RStudioState state;
  private final String before;
  private final Findings.Builder out;
  private final boolean anew;

  /**
   * @param id of the image
   */
  RStudioPlan(RStudio rstudio, String id, ContainerState state, Findings.Builder out) {
    this.rstudio = rstudio;
    this.id = id;
    this.state = state.rstudio();
    this.before = state.file(ContainerState.RSTUDIO_FILES);
    this.out = out;
    anew = !this.state.password() || certified();
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

  /** Whether another certificate is to be put in place, or its key. */
  private boolean certified() {
    return rstudio.spec().tls()
        && !(state.key() && before.endsWith(String.join("", rstudio.encryption().values())));
  }

  /** What can be refused, and what the other container needs of it. */
  void prepare() {
    if (!state.password()) {
      out.change(
          Stage.SYSTEM,
          Action.CREATE,
          "rstudio-password",
          "",
          "made on the host",
          Step.shell(byId(HAS_IT.replace("NOT_THERE", NOT_THERE)) + rstudio.fill(MAKE_PASSWORD)));
    }
    if (certified()) {
      Map<String, String> encryption = rstudio.encryption();
      out.change(
          Stage.SYSTEM,
          state.key() ? Action.UPDATE : Action.CREATE,
          "rstudio-certificate",
          "",
          String.join("", encryption.values()),
          encryptionSteps(encryption).toArray(Step[]::new));
    }
  }

  /**
   * The rest.
   *
   * @param restarted whether the container whose network it shares is
   */
  void serve(boolean restarted) {
    String wanted = rstudio.text();
    boolean same = before.equals(wanted);
    boolean serves = state.active().equals("active") && state.listens();
    if (same && serves && !anew && !restarted) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    if (!same || !serves || anew) {
      Map<String, String> encryption = rstudio.encryption();
      rstudio.files().entrySet().stream()
          .filter(file -> !encryption.containsKey(file.getKey()))
          .forEach(file -> steps.add(Step.file(path(file.getKey()), file.getValue(), mode(file))));
      steps.add(
          Step.shell(
              rstudio.fill(
                  RESTART.replace("UNENCRYPTED", rstudio.spec().tls() ? ":" : "rm -rf RSTUDIO_TLS")
                      + WAIT)));
    } else {
      steps.add(Step.shell(rstudio.fill(WAIT)));
    }
    out.change(
        Stage.SYSTEM,
        before.isEmpty() ? Action.CREATE : Action.UPDATE,
        "rstudio",
        same ? standing(serves) : before,
        same ? "it runs, and answers" : wanted,
        steps.toArray(Step[]::new));
    warn(state, out);
  }

  private String standing(boolean serves) {
    if (serves) {
      return anew ? "it has another password or key" : "it ends with the other container";
    }
    return "the unit is " + state.active() + (state.listens() ? "" : ", and does not answer");
  }

  private static String path(String file) {
    return file.equals(RStudioPaths.COMPOSE) ? file + ".next" : file;
  }

  private String byId(String script) {
    return rstudio.fill(script.replace("DIGEST", id));
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
            byId(ENCRYPTION.replace("SECRET", secret)),
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
