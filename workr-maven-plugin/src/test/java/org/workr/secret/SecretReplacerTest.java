package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.name;
import static org.workr.secret.Canary.secret;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.Hostname;
import org.workr.value.SecretKind;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

class SecretReplacerTest {
  private static final SecretName LUKS = name("stats.workr1.luks");
  private static final String FORM = "([A-Z][a-z]{3}){8}";

  @TempDir Path folder;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("WORKR_STATS_KEYSTORE", "KtedRvofPhusNixgBeru"));
  private final Map<String, String> servers = new HashMap<>();

  @Test
  void whatIsMadeUpIsPendingAndOnTheDiskAtOnce() throws Exception {
    stored("stats.workr1.luks", Canary.VALUE);
    String made;
    try (Run run = new Run()) {
      run.replacer.makePending(LUKS);
      made = run.text(LUKS.pending()).orElseThrow();
      assertThat(made).matches(FORM);
      assertThat(run.text(LUKS)).contains(Canary.VALUE);

      run.replacer.makePending(LUKS);
      assertThat(run.text(LUKS.pending())).contains(made);
    }
    try (Run next = new Run()) {
      assertThat(next.text(LUKS.pending())).contains(made);
      assertThat(next.secrets.toString()).doesNotContain(made);
    }
  }

  @Test
  void promotingKeepsTheOneBefore() throws Exception {
    stored("stats.workr1.luks", Canary.VALUE);
    try (Run run = new Run()) {
      run.replacer.makePending(LUKS);
      String made = run.text(LUKS.pending()).orElseThrow();
      for (int time = 0; time < 2; time++) {
        run.replacer.promote(LUKS);
        assertThat(run.texts()).containsExactly(made, Canary.VALUE, "none");
      }
      try (Run next = new Run()) {
        assertThat(next.texts()).containsExactly(made, Canary.VALUE, "none");
      }
    }
  }

  @Test
  void promotingWithoutAPendingOneChangesNothing() throws Exception {
    try (Run run = new Run()) {
      run.replacer.promote(LUKS);
      assertThat(file()).doesNotExist();
    }
    stored("stats.workr1.luks", Canary.VALUE);
    byte[] before = Files.readAllBytes(file());
    try (Run run = new Run()) {
      run.replacer.promote(LUKS);
      assertThat(run.texts()).containsExactly(Canary.VALUE, "none", "none");
    }
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void anotherOneIsMadeOnlyWhenTheOneBeforeIsForgotten() throws Exception {
    stored("stats.workr1.luks", "first");
    try (Run run = new Run()) {
      run.replacer.makePending(LUKS);
      run.replacer.promote(LUKS);
      assertThatThrownBy(() -> run.replacer.makePending(LUKS))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("'stats.workr1.luks.current' is still in it");
      assertThat(run.replacer.problems(List.of(LUKS)))
          .as("the goal that finds this is the one that finishes it")
          .isEmpty();

      run.replacer.forget(LUKS.current());
      run.replacer.makePending(LUKS);
      assertThat(run.text(LUKS.current())).isEmpty();
      assertThat(run.text(LUKS.pending())).isPresent();
    }
  }

  @Test
  void forgetsWhatIsInTheKeystoreOnly() throws Exception {
    stored("stats.workr1.luks.current", "kept");
    environment.put("WORKR_STATS_LUKS_CURRENT", "the template's");
    try (Run run = new Run()) {
      assertThat(run.text(LUKS.current())).contains("kept");
      run.replacer.forget(LUKS.current());
      assertThat(run.text(LUKS.current())).contains("the template's");
      run.replacer.forget(LUKS.current());
      assertThat(run.text(LUKS.current())).contains("the template's");
    }
    try (Run next = new Run()) {
      assertThat(next.text(LUKS.current())).contains("the template's");
    }
  }

  @Test
  void forgettingWithoutAKeystoreMakesNone() throws Exception {
    environment.clear();
    environment.put("WORKR_STATS_WORKR1_LUKS_CURRENT", "given");
    try (Run run = new Run()) {
      run.replacer.forget(LUKS.current());
      assertThat(run.text(LUKS.current())).contains("given");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsGivenElsewhereIsNotReplaced() throws Exception {
    stored("stats.workr1.luks", "old");
    try (Run run = new Run()) {
      run.replacer.makePending(LUKS);
      assertThat(run.replacer.problems(List.of(LUKS))).isEmpty();
    }
    byte[] before = Files.readAllBytes(file());
    servers.put("stats.workr1.luks", Canary.VALUE);
    String problem =
        "secret stats.workr1.luks: it is given as settings.xml, server stats.workr1.luks, where"
            + " workr cannot store what replaces it. Copy it into the keystore with mvn"
            + " workr:secrets -Dworkr.import=stats.workr1.luks, then remove it there.";
    try (Run run = new Run()) {
      assertThat(run.replacer.problems(List.of(LUKS))).isNotEmpty();
      assertThat(run.replacer.problems(List.of(LUKS, LUKS))).singleElement().hasToString(problem);
      assertThatThrownBy(() -> run.replacer.makePending(LUKS)).hasMessage(problem);
      assertThatThrownBy(() -> run.replacer.promote(LUKS)).hasMessage(problem);
      assertThat(run.text(LUKS)).contains(Canary.VALUE);
    }
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void whatWouldHideTheOneBeforeIsAProblem() throws Exception {
    stored("stats.workr1.luks", "old");
    environment.put("WORKR_STATS_LUKS_CURRENT", "the template's, which hides nothing");
    try (Run run = new Run()) {
      assertThat(run.replacer.problems(List.of(LUKS))).isEmpty();
    }
    environment.put("WORKR_STATS_WORKR1_LUKS_CURRENT", Canary.VALUE);
    try (Run run = new Run()) {
      assertThat(run.replacer.problems(List.of(LUKS)))
          .singleElement()
          .hasToString(
              "secret stats.workr1.luks.current: it is given as environment variable"
                  + " WORKR_STATS_WORKR1_LUKS_CURRENT, which would hide what workr keeps under that"
                  + " name while it replaces 'stats.workr1.luks'. Remove it there; a host that has"
                  + " been provisioned does not need it any more.");
    }
  }

  @Test
  void whatIsNowhereOrLockedIsNotReplaced() throws Exception {
    try (Run run = new Run()) {
      assertThat(run.replacer.problems(List.of(LUKS)))
          .singleElement()
          .asString()
          .startsWith("secret stats.workr1.luks: it is nowhere, so there is nothing to replace.");
    }
    stored("stats.workr1.luks", "old");
    environment.clear();
    try (Run run = new Run()) {
      assertThat(run.replacer.problems(List.of(LUKS, name("stats.workr2.luks"))))
          .singleElement()
          .asString()
          .contains("its password is not given");
      assertThatThrownBy(() -> run.replacer.makePending(LUKS)).isInstanceOf(SecretException.class);
    }
  }

  @Test
  void nobodyButWorkrSaysWhatIsPending() throws Exception {
    stored("stats.workr1.luks", "old");
    environment.put("WORKR_STATS_WORKR1_LUKS_PENDING", "planted");
    servers.put("stats.workr1.luks.pending", "planted");
    try (Run run = new Run()) {
      assertThat(run.text(LUKS.pending())).isEmpty();
      run.replacer.makePending(LUKS);
      assertThat(run.text(LUKS.pending()).orElseThrow()).matches(FORM);
    }
  }

  @Test
  void theKeystoreStaysClosedWhereEverythingIsGiven() throws Exception {
    stored("stats.workr1.luks", "old");
    environment.clear();
    environment.put("WORKR_STATS_WORKR1_LUKS", "given");
    environment.put("WORKR_STATS_WORKR1_LUKS_CURRENT", "given");
    try (SecretStore store = store();
        ClusterSecrets secrets = ClusterSecrets.load(store, needs(1))) {
      assertThat(SecretCheck.check(secrets, store, List.of()))
          .noneMatch(problem -> problem.path().startsWith("keystore"));
    }
  }

  @Test
  void hostsSideBySideLoseNothing() throws Exception {
    int hosts = 6;
    for (int host = 1; host <= hosts; host++) {
      stored("stats.workr" + host + ".luks", "old" + host);
    }
    ExecutorService threads = Executors.newFixedThreadPool(hosts);
    // Half of them as another process would: with a keystore of its own.
    try (Run run = new Run(hosts);
        Run other = new Run(hosts)) {
      List<Future<?>> running = new ArrayList<>();
      for (int host = 1; host <= hosts; host++) {
        SecretName luks = name("stats.workr" + host + ".luks");
        SecretReplacer replacer = host % 2 == 0 ? run.replacer : other.replacer;
        running.add(
            threads.submit(
                () -> {
                  replacer.makePending(luks);
                  replacer.promote(luks);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
    try (Run next = new Run(hosts)) {
      for (int host = 1; host <= hosts; host++) {
        SecretName luks = name("stats.workr" + host + ".luks");
        assertThat(next.text(luks).orElseThrow()).matches(FORM);
        assertThat(next.text(luks.current())).contains("old" + host);
        assertThat(next.text(luks.pending())).isEmpty();
      }
    }
  }

  /** One run of a goal. */
  private final class Run implements AutoCloseable {
    private final SecretStore store = store();
    private final ClusterSecrets secrets;
    private final SecretReplacer replacer;

    Run() {
      this(1);
    }

    Run(int hosts) {
      secrets = ClusterSecrets.load(store, needs(hosts));
      replacer = new SecretReplacer(store, secrets);
    }

    Optional<String> text(SecretName name) {
      return secrets.find(name).map(Canary::text);
    }

    /** In use, before, pending. */
    List<String> texts() {
      return List.of(LUKS, LUKS.current(), LUKS.pending()).stream()
          .map(name -> text(name).orElse("none"))
          .toList();
    }

    @Override
    public void close() {
      secrets.close();
      store.close();
    }
  }

  private void stored(String name, String value) throws SecretException {
    try (SecretStore store = store()) {
      store.keystore().add(List.of(secret(name, value)));
    }
  }

  private static List<SecretNeed> needs(int hosts) {
    return IntStream.rangeClosed(1, hosts)
        .mapToObj(host -> "workr" + host)
        .flatMap(
            host ->
                List.of(
                    need(host, true, "stats." + host + ".luks"),
                    need(host, false, "stats." + host + ".luks.current", "stats.luks.current"))
                    .stream())
        .toList();
  }

  private static SecretNeed need(String host, boolean installed, String... names) {
    return new SecretNeed(
        List.of(names).stream().map(SecretName::new).toList(),
        Optional.of(new Hostname(host)),
        SecretKind.DISK_PASSPHRASE,
        installed,
        installed,
        "for x");
  }

  private SecretStore store() {
    return SecretStore.of(
        "stats",
        environment,
        id -> Optional.ofNullable(servers.get(id)).map(String::toCharArray),
        file());
  }

  private Path file() {
    return folder.resolve("workr.p12");
  }
}
