package org.workr.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.binding.Binder;
import org.workr.binding.XmlElements;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.accounts.Access;
import org.workr.capability.accounts.Accounts;
import org.workr.capability.identity.Identity;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.ProbeScript;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.plan.SecretInput;
import org.workr.plan.Step;
import org.workr.plan.StepScript;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.SecretName;

/**
 * What the engine does to one host, on a {@link Machine}: probe, plan, and every step for real,
 * with a known_hosts file of its own that only pinning changes.
 */
final class Run {
  private static final String BOUNDARY = "Q7rT9xWm2LpZ4cVb";

  private final Machine machine;
  private final ClusterSpec spec;
  private final Host host;
  private final Path knownHosts;
  private final Path key;
  private final Map<SecretName, String> secrets;
  private final Set<String> keyLines = new LinkedHashSet<>();

  Run(Machine machine, String cluster, Path folder, Path key, Map<SecretName, String> secrets)
      throws IOException {
    this.machine = machine;
    Path xml = Files.writeString(folder.resolve("cluster.xml"), cluster);
    var bound = Binder.bind(XmlElements.file(xml), ClusterSpec.class);
    this.spec = bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics().toString()));
    this.host = spec.hosts().get(0);
    this.knownHosts = folder.resolve("known_hosts");
    this.key = key;
    this.secrets = secrets;
  }

  /** Trusts a host key from now on, as a line of a {@code .pub} file. */
  void trust(String publicKey) throws IOException {
    keyLines.add("127.0.0.1 " + publicKey);
    Files.write(knownHosts, keyLines);
  }

  /** Probes all facts and plans from them. */
  HostPlan plan() throws IOException {
    Situation situation = new Situation(host, facts(), List.of());
    Findings identity = new Identity().plan(spec.identity(), situation);
    Findings accounts = new Accounts().plan(access(), situation);
    return new HostPlan(
        host.hostname(),
        Stream.of(identity, accounts)
            .flatMap(findings -> findings.changes().stream())
            .sorted(Comparator.comparing(Change::stage))
            .toList(),
        Stream.of(identity, accounts).flatMap(findings -> findings.problems().stream()).toList());
  }

  private Access access() {
    return Access.of(spec.accounts(), spec.ssh());
  }

  /** The plan as text. */
  static String text(HostPlan plan) {
    return String.join("\n", PlanText.withSteps().lines(plan));
  }

  /** Probes all facts. */
  Facts facts() throws IOException {
    Set<Fact<?>> facts = new LinkedHashSet<>(new Identity().facts(spec.identity(), host));
    facts.addAll(new Accounts().facts(access(), host));
    ProbeScript script = ProbeScript.of(facts, BOUNDARY);
    String stdin =
        script.secrets().stream()
            .map(name -> secrets.get(name) + "\n")
            .collect(Collectors.joining());
    Machine.Result result = machine.exec(script.script(), stdin);
    Facts read = script.parse(result.lines());
    keep(facts, read);
    return read;
  }

  /** For golden cases: {@code -Dworkr.machine.facts=FOLDER} keeps what each probing printed. */
  private static void keep(Set<Fact<?>> facts, Facts read) throws IOException {
    String folder = System.getProperty("workr.machine.facts", "");
    if (!folder.isEmpty()) {
      StringBuilder text = new StringBuilder();
      for (Fact<?> fact : facts) {
        Facts.Section section = read.sections().get(fact.id());
        text.append("== ").append(fact.id()).append(' ');
        text.append(section.status()).append('\n').append(section.output()).append('\n');
      }
      Files.writeString(Path.of(folder, System.nanoTime() + ".txt"), text);
    }
  }

  /** All steps of a plan. */
  static List<Step> steps(HostPlan plan) {
    return plan.changes().stream().flatMap(change -> change.steps().stream()).toList();
  }

  /** Does steps; each must succeed. */
  void apply(List<Step> steps) throws IOException {
    List<Step.OnHost> pending = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.OnHost onHost) {
        pending.add(onHost);
      } else {
        script(pending);
        pending.clear();
        controller(step);
      }
    }
    script(pending);
  }

  private void script(List<Step.OnHost> steps) throws IOException {
    if (steps.isEmpty()) {
      return;
    }
    StepScript script = new StepScript(steps, BOUNDARY);
    String stdin =
        script.inputs().stream().map(input -> value(input) + "\n").collect(Collectors.joining());
    Machine.Result result = machine.exec("mkdir -p /run/workr\n" + script.script(), stdin);
    List<StepScript.Ended> ended =
        result.lines().stream()
            .flatMap(line -> script.parse(line).stream())
            .filter(StepScript.Ended.class::isInstance)
            .map(StepScript.Ended.class::cast)
            .toList();
    assertThat(ended).as(result.text()).hasSize(steps.size()).allMatch(end -> end.status() == 0);
  }

  private void controller(Step step) throws IOException {
    if (step instanceof Step.PinHostKeys pin) {
      for (String line : machine.root("cat " + pin.folder() + "/*.pub").lines().toList()) {
        trust(line);
      }
    } else if (step instanceof Step.Reconnect) {
      assertThat(login("true", "").status()).as("a new connection").isZero();
    } else if (step instanceof Step.ProvePassword prove) {
      // As the engine: -k, or a cached ticket would leave the password in the command's stdin.
      Machine.Result result =
          login("sudo -S -k -p '' sh -c 'id -u'", secrets.get(prove.password()) + "\n");
      assertThat(result.lines()).contains("0");
    } else {
      throw new AssertionError("not expected: " + step);
    }
  }

  /**
   * Runs a command over SSH as the host's user, whose host key must be trusted. An sshd that has
   * just been told to reload refuses connections for a moment.
   */
  Machine.Result login(String command, String stdin) throws IOException {
    Machine.Result result = machine.ssh(knownHosts, key, host.user(), command, stdin);
    for (int i = 0; i < 20 && result.text().contains("Connection refused"); i++) {
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      result = machine.ssh(knownHosts, key, host.user(), command, stdin);
    }
    return result;
  }

  private String value(SecretInput input) {
    String secret = secrets.get(input.secret());
    return input.prefix()
        + (input.form() == SecretInput.Form.PLAIN ? secret : crypt(String.valueOf(secret)));
  }

  private static String crypt(String secret) {
    try {
      Process perl =
          new ProcessBuilder(
                  "perl", "-e", "print crypt(<STDIN>, '$6$rounds=5000$0123456789abcdef')")
              .start();
      try (OutputStream in = perl.getOutputStream()) {
        in.write(secret.getBytes(StandardCharsets.UTF_8));
      }
      return new String(perl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
