package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.secret.Canary.secret;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;

class SecretCheckTest {
  private static final String STRONG = "KtedRvofPhusNixgBeruVotkXdneGsif";
  private static final String OTHER = "PhusNixgBeruVotkXdneGsifKtedRvof";
  private static final String THIRD = "BeruVotkXdneGsifKtedRvofPhusNixg";

  private static final SecretNeed LUKS = luks("workr1");
  private static final SecretNeed LOGIN =
      SecretNeed.installedOn(
          host("workr1"), "login", SecretKind.LOGIN_PASSWORD, "becomes the login password");
  private static final SecretNeed LUKS_CURRENT =
      SecretNeed.ofHostOrCluster(
          host("workr1"),
          "luks.current",
          SecretKind.DISK_PASSPHRASE,
          false,
          "the template's passphrase");

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @Test
  void fitSecretsHaveNoProblems() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG);
    given("WORKR_STATS_WORKR1_LOGIN", OTHER);
    given("WORKR_STATS_LUKS_CURRENT", "0815");

    assertThat(check(LUKS, LOGIN, LUKS_CURRENT)).isEmpty();
  }

  @Test
  void whatIsMissingIsSaidWithAllWaysToGiveIt() {
    assertThat(check(LUKS, LUKS_CURRENT))
        .containsExactly(
            Diagnostic.error(
                "secret stats.workr1.luks",
                "it is not given (becomes the passphrase of the disk)",
                "Set the environment variable WORKR_STATS_WORKR1_LUKS, or add to settings.xml a"
                    + " <server> with the id stats.workr1.luks and the password, or put it into"
                    + " the keystore workr.p12; mvn workr:secrets makes one up there."));
  }

  @Test
  void whatWorkrDoesNotInstallCannotBeMadeUp() {
    SecretNeed key =
        SecretNeed.ofHostOrCluster(
            host("workr1"), "tailscale", SecretKind.TAILSCALE_KEY, true, "the key to join with");

    assertThat(check(key)).hasSize(1);
    assertThat(check(key).get(0).hint()).endsWith("put it into the keystore workr.p12.");
  }

  @ParameterizedTest
  @CsvSource({
    "DISK_PASSPHRASE, correct horse battery staple, true",
    "DISK_PASSPHRASE, klQ7mZ2pW9xV4tR1, true",
    "DISK_PASSPHRASE, KtedRvofPhusNixgBeruVotkXdneGsif, true",
    "DISK_PASSPHRASE, Tr0ub4dor&3, false",
    "DISK_PASSPHRASE, stats-workr1-2024, false",
    "DISK_PASSPHRASE, qwertzuiop1234567890, false",
    "LOGIN_PASSWORD, Xk92hsLq71bv, true",
    "LOGIN_PASSWORD, ubuntu, false",
    "LOGIN_PASSWORD, workr1stats, false",
    "LOGIN_PASSWORD, aB3kl9!, false"
  })
  void weakOnesAreRefused(SecretKind kind, String value, boolean good) {
    given("WORKR_STATS_WORKR1_X", value);
    SecretNeed need = SecretNeed.installedOn(host("workr1"), "x", kind, "becomes x");

    List<Diagnostic> problems = check(need);

    if (good) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .extracting(Diagnostic::summary)
          .containsExactly("it is too easy to guess");
      assertNothingShown(problems, value);
    }
  }

  @Test
  void aLongOneIsJudgedInNoTime() {
    given("WORKR_STATS_WORKR1_LUKS", (STRONG + OTHER + "#%&/()=?").repeat(8).substring(0, 512));

    long begun = System.nanoTime();
    assertThat(check(LUKS)).isEmpty();
    assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\0", "\t", "\u001b", "\u007f"})
  void controlCharactersAreRefusedEverywhere(String control) {
    given("WORKR_STATS_WORKR1_LUKS", STRONG + control + "x");
    given("WORKR_STATS_LUKS_CURRENT", "0815" + control);

    List<Diagnostic> problems = check(LUKS, LUKS_CURRENT);

    assertThat(problems)
        .extracting(Diagnostic::path, Diagnostic::summary)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "secret stats.workr1.luks", "it has a line end or another control character in it"),
            org.assertj.core.groups.Tuple.tuple(
                "secret stats.workr1.luks.current",
                "it has a line end or another control character in it"));
    assertThat(problems.get(0).hint()).contains("(environment variable WORKR_STATS_WORKR1_LUKS)");
    assertNothingShown(problems, STRONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00fc", "\u20ac", "\u00a0", "\ud83d\ude00"})
  void whatAKeyboardCannotTypeInAnInitramfsIsRefused(String character) {
    given("WORKR_STATS_WORKR1_LUKS", "x" + character + STRONG);

    assertThat(check(LUKS))
        .extracting(Diagnostic::summary)
        .containsExactly(
            "it has characters that not every keyboard can type before the system has started");
  }

  @Test
  void everyCharacterOfAsciiIsTypeable() {
    StringBuilder all = new StringBuilder();
    for (char c = ' '; c <= '~'; c++) {
      all.append(c);
    }
    given("WORKR_STATS_WORKR1_LUKS", STRONG + all);

    assertThat(check(LUKS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {" KtedRvofPhusNixgBeruVotk", "KtedRvofPhusNixgBeruVotk "})
  void blanksAtTheEndsAreRefused(String value) {
    given("WORKR_STATS_WORKR1_LUKS", value);

    assertThat(check(LUKS))
        .extracting(Diagnostic::summary)
        .containsExactly("it begins or ends with a blank");
  }

  @Test
  void whatCryptsetupDoesNotReadIsRefused() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG + "x".repeat(481));
    assertThat(check(LUKS))
        .extracting(Diagnostic::summary)
        .hasSize(1)
        .allMatch(s -> s.contains("512"));

    given("WORKR_STATS_WORKR1_LUKS", STRONG + "x".repeat(480));
    assertThat(check(LUKS)).isEmpty();
  }

  @Test
  void hostsShareNothing() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG);
    given("WORKR_STATS_WORKR2_LUKS", OTHER);
    given("WORKR_STATS_WORKR3_LUKS", STRONG);

    List<Diagnostic> problems = check(luks("workr1"), luks("workr2"), luks("workr3"));

    assertThat(problems)
        .containsExactly(
            Diagnostic.error(
                "secret stats.workr3.luks",
                "it is the same as 'stats.workr1.luks'",
                "Whoever learns one of them has both: give each its own."));
  }

  @Test
  void thePasswordIsNotThePassphrase() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG);
    given("WORKR_STATS_WORKR1_LOGIN", STRONG);

    assertThat(check(LUKS, LOGIN))
        .extracting(Diagnostic::toString)
        .containsExactly(
            "secret stats.workr1.login: it is the same as 'stats.workr1.luks'. Whoever learns one"
                + " of them has both: give each its own.");
  }

  @Test
  void theTemplatesPassphraseDoesNotStay() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG);
    given("WORKR_STATS_LUKS_CURRENT", STRONG);

    assertThat(check(LUKS, LUKS_CURRENT))
        .extracting(Diagnostic::summary)
        .containsExactly("it is the template's, which every clone has");
  }

  @Test
  void hostsMayShareTheTemplates() {
    given("WORKR_STATS_WORKR1_LUKS", STRONG);
    given("WORKR_STATS_WORKR2_LUKS", OTHER);
    given("WORKR_STATS_LUKS_CURRENT", THIRD);
    SecretNeed second =
        SecretNeed.ofHostOrCluster(
            host("workr2"), "luks.current", SecretKind.DISK_PASSPHRASE, false, "the template's");

    assertThat(check(LUKS, LUKS_CURRENT, luks("workr2"), second)).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeReadIsSaidOnceAndNothingIsCalledMissing() throws Exception {
    lockedKeystore();

    List<Diagnostic> problems = check(LUKS_CURRENT, LUKS, luks("workr2"));

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).isError()).isTrue();
    assertThat(problems.get(0).summary()).isEqualTo("its password is not given");
  }

  @Test
  void aPlaceThatOnlyMayHoldSomethingIsAWarning() throws Exception {
    lockedKeystore();
    given("WORKR_STATS_WORKR1_LUKS", STRONG);

    List<Diagnostic> problems = check(LUKS, LUKS_CURRENT);

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).isError()).isFalse();
  }

  @Test
  void everythingIsSaidAtOnce() {
    given("WORKR_STATS_WORKR1_LUKS", " p4ss\u00fc");
    given("WORKR_STATS_WORKR2_LUKS", " p4ss\u00fc");

    List<Diagnostic> problems = check(LUKS, luks("workr2"), luks("workr3"), LOGIN);

    assertThat(problems)
        .extracting(Diagnostic::path)
        .containsExactly(
            "secret stats.workr3.luks",
            "secret stats.workr1.login",
            "secret stats.workr1.luks",
            "secret stats.workr1.luks",
            "secret stats.workr1.luks",
            "secret stats.workr2.luks",
            "secret stats.workr2.luks",
            "secret stats.workr2.luks",
            "secret stats.workr2.luks");
    assertNothingShown(problems, "p4ss");
  }

  @Test
  void clusterSecretsHandOutCopiesUntilTheyAreClosed() {
    given("WORKR_STATS_LUKS_CURRENT", Canary.VALUE);
    ClusterSecrets secrets = ClusterSecrets.load(store(), List.of(LUKS_CURRENT, LUKS));

    Secret copy = secrets.find(LUKS_CURRENT.name()).orElseThrow();
    copy.close();
    Secret second = secrets.find(LUKS_CURRENT.name()).orElseThrow();

    assertThat(Canary.text(second)).isEqualTo(Canary.VALUE);
    assertThat(second).hasToString("Secret[stats.workr1.luks.current]");
    assertThat(secrets.origin(LUKS_CURRENT.name()))
        .hasValueSatisfying(
            origin ->
                assertThat(origin)
                    .hasToString("environment variable WORKR_STATS_LUKS_CURRENT")
                    .returns(Canary.name("stats.luks.current"), Origin::name));
    assertThat(secrets.find(LUKS.name())).isEmpty();
    assertThat(secrets).hasToString("1 secrets of 2 wanted");
    secrets.close();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() -> secrets.find(LUKS_CURRENT.name())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("c4n");
  }

  private static void assertNothingShown(List<Diagnostic> problems, String value) {
    assertThat(problems.toString())
        .doesNotContain(value)
        .doesNotContain(Integer.toString(value.length()) + " ch");
  }

  private void given(String variable, String value) {
    environment.put(variable, value);
  }

  private void lockedKeystore() throws SecretException {
    try (Keystore keystore =
        Keystore.open(folder.resolve("workr.p12"), secret("stats.keystore", "p"))) {
      keystore.add(List.of(secret("stats.workr9.luks", STRONG)));
    }
  }

  private SecretStore store() {
    return SecretStore.of(
        "stats", environment, ServerPasswords.none(), folder.resolve("workr.p12"));
  }

  private List<Diagnostic> check(SecretNeed... needs) {
    try (SecretStore store = store();
        ClusterSecrets secrets = ClusterSecrets.load(store, List.of(needs))) {
      return SecretCheck.check(secrets, store, List.of("stats", "workr1", "ubuntu"));
    }
  }

  private static SecretNeed luks(String host) {
    return SecretNeed.installedOn(
        host(host), "luks", SecretKind.DISK_PASSPHRASE, "becomes the passphrase of the disk");
  }

  private static Host host(String name) {
    return new Host(
        "stats",
        new Hostname(name),
        Set.of(),
        "ubuntu",
        22,
        Optional.empty(),
        InterfaceAddress.parse("192.168.64.1/16"),
        Optional.empty(),
        List.of(),
        1,
        1);
  }
}
