package org.workr.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.diagnostic.Diagnostic;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Plan;
import org.workr.plan.SecretInput;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Hostname;
import org.workr.value.SecretName;

class PlanJsonTest {
  private static final SecretName LOGIN = new SecretName("stats.workr1.login");

  /** One step of each kind, which a test below holds complete. */
  private static final List<Step> STEPS =
      List.of(
          Step.run("hostnamectl", "hostname", "it's \"x\" \u00fc"),
          Step.run(
              new SecretInput("ubuntu:", LOGIN, SecretInput.Form.CRYPT_SHA512), "chpasswd", "-e"),
          Step.file("/etc/hostname", "workr1\n", "0644"),
          new Step.InstallPackages(List.of("clevis", "nano"), Duration.ofMinutes(10)),
          new Step.ControlUnit("restart", "ssh.service"),
          new Step.Reboot(Duration.ofMinutes(5), Optional.of("[ -e /run/reboot-required ]")),
          new Step.Reconnect(
              Step.Reconnect.Where.FINAL_ADDRESS,
              Duration.ofSeconds(90),
              Duration.ofMinutes(3),
              "It comes back."),
          new Step.PinHostKeys("/etc/ssh"),
          new Step.ProvePassword(LOGIN),
          new Step.MakeSecret(LOGIN),
          new Step.PromoteSecret(LOGIN),
          new Step.ForgetSecret(LOGIN.current()),
          new Step.StoreHeader("f6e1b1c6-6f2d-4d0f-9d2b-0c0f3a5e7b11"),
          new Step.DestroyHeaders("f6e1b1c6-6f2d-4d0f-9d2b-0c0f3a5e7b11"),
          new Step.KeepInLock("the image", "echo r 4.4.2"),
          new Step.CopyImage(new Hostname("workr2"), "sha256:1"),
          new Step.Await(
              "the re-encryption", "echo done", Duration.ofSeconds(10), Duration.ofMinutes(30)));

  private static final Plan PLAN =
      new Plan(
          "stats",
          List.of(
              new HostPlan(
                  new Hostname("workr1"),
                  List.of(
                      new Change(
                          "identity",
                          "hostname",
                          Action.UPDATE,
                          "a\nb",
                          "",
                          Stage.IDENTITY,
                          NeedsRestart.PERHAPS,
                          STEPS)),
                  List.of(Diagnostic.warning("workr1", "'x' is odd", "Look."))),
              new HostPlan(new Hostname("workr2"), List.of(), List.of())));

  @TempDir Path folder;

  @Test
  void comesBackAsItWasWritten() throws IOException {
    Path file = folder.resolve("workr/plan.json");
    PlanJson.write(PLAN, file);

    assertThat(PlanJson.read(file)).isEqualTo(PLAN);
    assertThat(Files.readString(file)).endsWith("}\n").isEqualTo(PlanJson.text(PLAN));
  }

  @Test
  void everyKindOfStepIsTried() {
    List<Class<?>> kinds = new ArrayList<>();
    for (Class<?> group : Step.class.getPermittedSubclasses()) {
      kinds.addAll(
          group.getPermittedSubclasses() == null
              ? List.of(group)
              : List.of(group.getPermittedSubclasses()));
    }
    assertThat(STEPS.stream().map(Object::getClass).distinct().toList()).hasSameElementsAs(kinds);
  }

  @Test
  void isWrittenForPeopleToo() {
    assertThat(PlanJson.text(PLAN))
        .contains("\"format\" : 1")
        .contains("\"host\" : \"workr1\"")
        .contains("\"action\" : \"update\"")
        .contains("\"step\" : \"install-packages\"")
        .contains("\"lockTimeout\" : \"PT10M\"")
        .contains("\"secret\" : \"stats.workr1.login\"")
        .contains("\"form\" : \"crypt_sha512\"")
        .contains("\"stdin\" : [ ]")
        .doesNotContain("empty", "blocked");
  }

  @Test
  void otherFormatsAreRefused() {
    assertThatThrownBy(() -> PlanJson.plan("{\"format\":2,\"cluster\":\"stats\",\"hosts\":[]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "this is a plan of format 2, and this version of workr reads format 1. Make the plan"
                + " anew with mvn workr:plan.");
  }

  @Test
  void whatIsNoPlanIsRefusedWithThePlace() throws IOException {
    Path file = Files.writeString(folder.resolve("plan.json"), "{\n  \"format\": 1,\n  !");
    assertThatThrownBy(() -> PlanJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": this is not a plan: ")
        .hasMessageContaining("(line 3, column ");

    List<String> broken =
        List.of(
            "",
            "null",
            "[]",
            "{\"format\":1,\"cluster\":\"stats\"}",
            "{\"format\":1,\"cluster\":\"stats\",\"hosts\":[],\"more\":1}",
            "{\"format\":1,\"cluster\":\"stats\",\"hosts\":[]} x",
            PlanJson.text(PLAN).replace("\"run\"", "\"java\""),
            PlanJson.text(PLAN).replace("\"workr2\"", "\"-workr2\""));
    for (String text : broken) {
      assertThatThrownBy(() -> PlanJson.plan(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("this is not a plan");
    }
  }

  @Test
  void aStepWithoutInputStaysSo() {
    Plan read = PlanJson.plan(PlanJson.text(PLAN));
    Step.Run first = (Step.Run) read.hosts().get(0).changes().get(0).steps().get(0);
    assertThat(first.stdin()).isEmpty();
  }
}
