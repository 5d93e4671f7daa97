package org.workr.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.workr.value.SecretName;

/** The script is run by the machine's own sh. */
class ProbeScriptTest {
  private static final String BOUNDARY = "b0undaryb0undary";

  @Test
  void readsEachProbeOnItsOwn() throws Exception {
    Fact<String> two = Fact.text("a.two", "printf 'x\\n y'");
    Fact<Boolean> broken = Fact.flag("a.broken", "echo yes; exit 4");
    Fact<Boolean> flag = Fact.flag("a.flag", "echo no");
    Fact<String> empty = Fact.text("a.empty", "true");
    Fact<Integer> number = Fact.of("a.number", "echo many", Integer::valueOf);
    Fact<String> exits = Fact.text("a.exits", "exit 0; echo unseen");

    Facts facts = probe(List.of(two, broken, flag, empty, number, exits, two), "");

    assertThat(facts.get(two)).isEqualTo(new Reading.Known<>("x\n y"));
    assertThat(facts.get(broken)).isEqualTo(new Reading.Unknown<>("the probe ended with status 4"));
    assertThat(facts.get(flag).is(false)).isTrue();
    assertThat(facts.get(empty).is("")).isTrue();
    assertThat(facts.get(number)).isInstanceOf(Reading.Unknown.class);
    assertThat(facts.get(exits).is("")).isTrue();
    assertThat(facts.get(Fact.text("a.never", "echo")))
        .isEqualTo(new Reading.Unknown<>("it was not probed"));
  }

  @Test
  void runsWhatFactsShareOnce() throws Exception {
    String shared = "n=$((${n:-0} + 1))\nname() { echo \"$1 $n\"; }\n";
    Fact<String> one = Fact.sharing("a.one", shared, "name one; n=7", Function.identity());
    Fact<String> two = Fact.sharing("a.two", shared, "cat; name two; exit 0", Function.identity());
    Fact<String> bad = Fact.sharing("a.bad", shared, "exit 3", Function.identity());
    Fact<String> gone = Fact.sharing("a.gone", "exit 5\n", "echo x", Function.identity());
    Fact<String> alone = Fact.text("a.alone", "echo \"$n\"");

    Facts facts = probe(List.of(one, gone, bad, alone, two), "");

    assertThat(facts.get(one).is("one 1")).isTrue();
    assertThat(facts.get(two).is("two 1")).isTrue();
    assertThat(facts.get(alone).is("")).isTrue();
    assertThat(facts.get(bad)).isEqualTo(new Reading.Unknown<>("the probe ended with status 3"));
    assertThat(facts.get(gone)).isEqualTo(new Reading.Unknown<>("the probe ended with status 1"));
    assertThat(gone.probe()).isEqualTo("exit 5\necho x");
  }

  @Test
  void runsPerlInOneProcess() throws Exception {
    Fact<String> one = Fact.perl("a.one", "print \"$$ it's\\n\";", Function.identity());
    Fact<String> two = Fact.perl("a.two", "print $$; return; print 1;", Function.identity());
    Fact<String> bad = Fact.perl("a.bad", "print 1; die \"no\\n\"", Function.identity());
    Fact<String> file = Fact.file("a.file", "/proc/sys/kernel/ostype", "");
    Fact<String> none = Fact.file("a.none", "/nonexistent/file", "absent");
    Fact<String> folder = Fact.file("a.folder", "/proc", "");

    Facts facts = probe(List.of(one, none, bad, file, folder, two), "");
    // The host's clock is compared with the controller's at the first line.
    assertThat(ProbeScript.of(List.of(Fact.text("a.sh", "date"), one), BOUNDARY).script())
        .startsWith("perl ");

    String pid = facts.get(two).orElse("");
    assertThat(pid).matches("[0-9]+");
    assertThat(facts.get(one).is(pid + " it's")).isTrue();
    assertThat(facts.get(file).is("Linux")).isTrue();
    assertThat(facts.get(none).is("absent")).isTrue();
    assertThat(facts.get(bad)).isEqualTo(new Reading.Unknown<>("the probe ended with status 1"));
    assertThat(facts.get(folder)).isInstanceOf(Reading.Unknown.class);
    assertThat(new ProcessBuilder("sh", "-c", bad.probe()).start().waitFor()).isNotZero();
    Fact<String> broken = Fact.perl("a.broken", "no such (", Function.identity());
    assertThat(probe(List.of(broken, one), "").get(one)).isInstanceOf(Reading.Unknown.class);
  }

  @Test
  void givesASecretToTheProbesThatWantItAndToNoOther() throws Exception {
    SecretName name = new SecretName("c.h.login");
    Fact<Boolean> right =
        Fact.flagWithSecret(
            "a.right",
            name,
            "IFS= read -r s; [ \"$s\" = \"it's \\\\ \\$x \" ] && echo yes || echo no");
    Fact<Boolean> again = Fact.flagWithSecret("a.again", name, "grep -q it && echo yes || echo no");
    Fact<String> other = Fact.text("a.other", "cat");

    Facts facts = probe(List.of(right, other, again), "it's \\ $x \n");

    assertThat(facts.get(right).is(true)).isTrue();
    assertThat(facts.get(again).is(true)).isTrue();
    assertThat(facts.get(other).is("")).isTrue();
  }

  @Test
  void takesACutOffSectionAsUnknown() {
    Fact<String> fact = Fact.text("a.b", "echo x");
    Facts facts =
        ProbeScript.of(List.of(fact), BOUNDARY).parse(List.of(BOUNDARY + " begin a.b", "x"));
    assertThat(facts.get(fact)).isInstanceOf(Reading.Unknown.class);
  }

  private static Facts probe(List<Fact<?>> facts, String input) throws Exception {
    ProbeScript script = ProbeScript.of(facts, BOUNDARY);
    Process process = new ProcessBuilder("sh", "-c", script.script()).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return script.parse(output.lines().toList());
  }
}
