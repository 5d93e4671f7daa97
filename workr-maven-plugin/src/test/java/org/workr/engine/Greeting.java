package org.workr.engine;

import java.nio.file.Path;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.SecretName;

/** A capability that wants {@code hello} in a file. */
final class Greeting implements Capability<Object> {
  private final String name;
  private final Fact<String> fact;
  private final Step[] steps;

  /** For what becomes of a secret in a probe; nothing depends on it. */
  private final Fact<Boolean> same =
      Fact.flagWithSecret("test.same", new SecretName("c.h1.login"), "IFS= read -r word; echo no");

  /**
   * @param steps what is done when something else is in the file
   */
  Greeting(Path file, Step... steps) {
    this("test", file, steps);
  }

  /**
   * @param name tells several of them apart
   */
  Greeting(String name, Path file, Step... steps) {
    this.name = name;
    fact = Fact.text(name + ".greeting", "[ ! -e " + file + " ] || cat " + file);
    this.steps = steps;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Fact<?>> facts(Object spec, Host host) {
    return Set.of(fact, same);
  }

  @Override
  public Findings plan(Object spec, Situation situation) {
    Findings.Builder findings = situation.findings(name);
    situation
        .require(fact, findings)
        .filter(text -> !text.equals("hello"))
        .ifPresent(
            text -> findings.change(Stage.SYSTEM, Action.UPDATE, "greeting", text, "hello", steps));
    return findings.build();
  }
}
