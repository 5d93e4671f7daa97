package org.workr.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.Element;
import org.workr.capability.accounts.LiteralKey;
import org.workr.capability.packages.OpenPgpKey;
import org.workr.diagnostic.Diagnostic;
import org.workr.keys.KeySources.Asking;
import org.workr.keys.KeySources.Resolved;
import org.workr.spec.ClusterSpec;

class KeySourcesTest {
  private static final String USER = "https://example.org/exampleuser.keys";
  private static final String GPG = "http://packages.example.org/gpg";

  @TempDir Path folder;

  private final Map<String, String> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  @Test
  void filesAndAddressesBecomeKeysEachOnce() throws IOException {
    Files.writeString(folder.resolve("team.keys"), "# team\n" + Keys.BOB + "\n" + Keys.ANN + "\n");
    answers.put(USER, Keys.ANN + "\n");

    Resolved resolved =
        resolve(
            Asking.MISSING, text("key", Keys.ANN), text("file", "team.keys"), text("url", USER));

    assertThat(resolved.problems()).isEmpty();
    assertThat(keys(resolved)).containsExactly(Keys.ANN, Keys.BOB);
  }

  @Test
  void anAddressIsAskedOnceAndThenNeverAgain() {
    answers.put(USER, Keys.ANN);
    Resolved first = resolve(Asking.MISSING, text("url", USER));
    assertThat(first.news())
        .containsExactly(
            "keys of " + USER + ": pinned",
            "  + ssh-ed25519 " + Keys.ANN_FINGERPRINT + " ann@example.org");
    answers.put(USER, Keys.BOB);

    Resolved second = resolve(Asking.MISSING, text("url", USER));
    Resolved offline = resolve(Asking.OFFLINE, text("url", USER));

    assertThat(asked).containsExactly(USER + " encrypted");
    assertThat(keys(second)).containsExactly(Keys.ANN);
    assertThat(keys(offline)).containsExactly(Keys.ANN);
    assertThat(second.news()).isEmpty();
  }

  @Test
  void askingAgainShowsTheDifference() {
    answers.put(USER, Keys.ANN);
    resolve(Asking.MISSING, text("url", USER));
    assertThat(resolve(Asking.ALL, text("url", USER)).news())
        .containsExactly("keys of " + USER + ": as pinned");
    answers.put(USER, Keys.BOB);

    Resolved resolved = resolve(Asking.ALL, text("url", USER));

    assertThat(resolved.news())
        .containsExactly(
            "keys of " + USER + ": CHANGED",
            "  + ssh-ed25519 " + Keys.BOB_FINGERPRINT + " bob",
            "  - ssh-ed25519 " + Keys.ANN_FINGERPRINT + " ann@example.org");
    assertThat(keys(resolved)).containsExactly(Keys.BOB);
    assertThat(keys(resolve(Asking.OFFLINE, text("url", USER)))).containsExactly(Keys.BOB);
  }

  @Test
  void aPageIsNoKeyAndIsNotPinned() {
    answers.put(USER, "<html>Sign in</html>");

    Resolved resolved = resolve(Asking.MISSING, text("url", USER));

    assertThat(resolved.problems())
        .singleElement()
        .returns("cluster.ssh.authorizedKeys[0]", Diagnostic::path)
        .returns(true, Diagnostic::isError);
    assertThat(folder.resolve(KeySources.PINS_FILE)).doesNotExist();
  }

  @Test
  void aFailedRefreshKeepsThePin() {
    answers.put(USER, Keys.ANN);
    resolve(Asking.MISSING, text("url", USER));
    answers.clear();

    Resolved resolved = resolve(Asking.ALL, text("url", USER));

    assertThat(resolved.problems())
        .extracting(Diagnostic::summary)
        .containsExactly("'" + USER + "' could not be asked for keys: nobody answers");
    assertThat(keys(resolve(Asking.OFFLINE, text("url", USER)))).containsExactly(Keys.ANN);
  }

  @Test
  void anUnknownAddressIsAWarningWhileNobodyMayAsk() {
    Resolved validate = resolve(Asking.NONE, text("url", USER));
    Resolved offline = resolve(Asking.OFFLINE, text("url", USER));

    assertThat(asked).isEmpty();
    assertThat(validate.problems())
        .containsExactly(
            Diagnostic.warning(
                "cluster.ssh.authorizedKeys[0]",
                "the keys at '" + USER + "' are not known yet",
                "The first mvn workr:plan or workr:provision asks for them and pins them in"
                    + " workr-keys.lock."));
    assertThat(offline.problems()).singleElement().returns(true, Diagnostic::isError);
    assertThat(offline.problems().get(0).summary()).endsWith("and Maven is offline");
  }

  @Test
  void aMissingFileAndAPrivateKeyAreSaid() throws IOException {
    Files.writeString(folder.resolve("id"), "-----BEGIN OPENSSH PRIVATE KEY-----\nc4nary\n");

    Resolved resolved = resolve(Asking.MISSING, text("file", "no.pub"), text("file", "id"));

    assertThat(resolved.problems())
        .extracting(Diagnostic::path)
        .containsExactly("cluster.ssh.authorizedKeys[0]", "cluster.ssh.authorizedKeys[1]");
    assertThat(resolved.problems().get(0).summary()).isEqualTo("there is no file 'no.pub'");
    assertThat(resolved.problems().get(1).summary()).startsWith("this is a private key");
    assertThat(resolved.problems().toString()).doesNotContain("c4nary");
  }

  @Test
  void aRepositorysKeyMayComeFromAnywhereBecauseThePomHasItsFingerprint() {
    answers.put(GPG, Keys.REPOSITORY);

    Resolved resolved = resolveRepository(Asking.MISSING, "keyUrl", GPG);
    Resolved again = resolveRepository(Asking.OFFLINE, "keyUrl", GPG);

    assertThat(asked).containsExactly(GPG + " plain");
    assertThat(resolved.news())
        .containsExactly(
            "keys of " + GPG + ": pinned", "  + OpenPGP " + Keys.REPOSITORY_FINGERPRINT);
    for (Resolved one : List.of(resolved, again)) {
      assertThat(one.problems()).isEmpty();
      assertThat(one.spec().packages().repositories().get(0).key())
          .hasValue(OpenPgpKey.parse(Keys.REPOSITORY));
      assertThat(one.spec().packages().repositories().get(0).keyUrl()).isEmpty();
    }
  }

  @Test
  void aRepositorysKeyMayBeAFile() throws IOException {
    Files.writeString(folder.resolve("docker.asc"), Keys.REPOSITORY);

    Resolved resolved = resolveRepository(Asking.NONE, "keyFile", "docker.asc");

    assertThat(resolved.problems()).isEmpty();
    assertThat(resolved.spec().packages().repositories().get(0).key())
        .hasValue(OpenPgpKey.parse(Keys.REPOSITORY));
  }

  @Test
  void anotherKeyOfARepositoryIsNeitherUsedNorPinned() {
    answers.put(GPG, Keys.REPOSITORY);

    Resolved resolved =
        resolve(spec(List.of(), repository("keyUrl", GPG, "0".repeat(40))), Asking.MISSING);

    assertThat(resolved.problems())
        .singleElement()
        .returns("cluster.packages.repositories[0].keyUrl", Diagnostic::path);
    assertThat(resolved.problems().get(0).summary()).contains(Keys.REPOSITORY_FINGERPRINT);
    assertThat(folder.resolve(KeySources.PINS_FILE)).doesNotExist();
  }

  @Test
  void damagedPinsStopEverything() throws IOException {
    Files.writeString(folder.resolve(KeySources.PINS_FILE), ">>>>>>> theirs\n");
    answers.put(USER, Keys.BOB);

    Resolved resolved = resolve(Asking.ALL, text("url", USER));

    assertThat(asked).isEmpty();
    assertThat(resolved.problems())
        .singleElement()
        .returns("workr-keys.lock", Diagnostic::path)
        .returns(true, Diagnostic::isError);
    assertThat(folder.resolve(KeySources.PINS_FILE)).hasContent(">>>>>>> theirs\n");
  }

  private Resolved resolveRepository(Asking asking, String source, String value) {
    return resolve(spec(List.of(), repository(source, value, Keys.REPOSITORY_FINGERPRINT)), asking);
  }

  private Resolved resolve(Asking asking, Element... keys) {
    return resolve(spec(List.of(keys)), asking);
  }

  private Resolved resolve(ClusterSpec spec, Asking asking) {
    return new KeySources(folder, path -> folder.resolve(path.value()), asking, this::answer)
        .resolve(spec);
  }

  private byte[] answer(URI address, boolean plain) throws IOException {
    asked.add(address + (plain ? " plain" : " encrypted"));
    String answer = answers.get(address.toString());
    if (answer == null) {
      throw new IOException("nobody answers");
    }
    return answer.getBytes(UTF_8);
  }

  private static List<String> keys(Resolved resolved) {
    return resolved.spec().ssh().authorizedKeys().stream()
        .map(key -> ((LiteralKey) key).key().line())
        .toList();
  }

  private static Element repository(String source, String value, String fingerprint) {
    return tree(
        "repository",
        text("name", "docker"),
        text("url", "https://packages.example.org/linux"),
        text("fingerprint", fingerprint),
        text(source, value),
        text("packages", "docker-ce"));
  }

  private static ClusterSpec spec(List<Element> keys, Element... repositories) {
    Bound<ClusterSpec> bound =
        Binder.bind(
            tree(
                "cluster",
                text("name", "stats"),
                tree(
                    "ssh",
                    text("user", "ubuntu"),
                    text("hostKey", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE"),
                    new Element("authorizedKeys", null, keys)),
                tree("network", text("gateway", "10.0.0.254"), text("nameservers", "192.168.1.1")),
                tree("packages", tree("repositories", repositories)),
                tree(
                    "workers",
                    tree("worker", text("hostname", "workr1"), text("address", "10.0.0.1/24")))),
            ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }
}
