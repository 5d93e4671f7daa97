package org.workr.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.workr.plan.HostPlan;
import org.workr.plan.Step;
import org.workr.value.SecretName;

/**
 * Identity and accounts on a machine with a real systemd, sshd and sudo; {@code src-it/rootfs/test}
 * runs it. The machine is a clone of a cloud image: a user without a password, a key, sudo that
 * asks for nothing, and everything in it that clones must not share.
 */
@EnabledIfSystemProperty(named = "workr.machine", matches = ".+")
class CloneMachineTest {
  private static final String PASSWORD = "it's $HOME `x` \\n \"q\" %s";
  private static final Map<SecretName, String> SECRETS =
      Map.of(new SecretName("stats.workr1.login"), PASSWORD);

  @TempDir Path folder;
  private Machine machine;
  private Path key;
  private String publicKey;

  @BeforeEach
  void makeKey() throws IOException, InterruptedException {
    key = folder.resolve("id");
    new ProcessBuilder(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", key.toString())
        .inheritIO()
        .start()
        .waitFor();
    publicKey = Files.readString(folder.resolve("id.pub")).strip();
    machine = new Machine(System.getProperty("workr.machine"), folder);
  }

  @AfterEach
  void down() throws IOException {
    machine.close();
  }

  private Run clone(String accounts, String identity) throws IOException {
    machine.up(template());
    return run("workr1", accounts, identity);
  }

  private Run run(String name, String accounts, String identity) throws IOException {
    String template = machine.root("cat /etc/ssh/ssh_host_ed25519_key.pub");
    String print = machine.root("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key | cut -d' ' -f2");
    Run run =
        new Run(
            machine,
            """
            <cluster>
              <name>stats</name>
              <ssh>
                <user>ubuntu</user>
                <hostKey>%s</hostKey>
                <authorizedKeys><key>%s</key></authorizedKeys>
              </ssh>
              <accounts>%s</accounts>
              <identity>%s</identity>
              <network><gateway>10.0.0.1</gateway><nameservers>10.0.0.1</nameservers></network>
              <workers>
                <worker><hostname>%s</hostname><address>10.0.0.30/24</address></worker>
              </workers>
            </cluster>
            """
                .formatted(print, publicKey, accounts, identity, name),
            folder,
            key,
            SECRETS);
    run.trust(template);
    return run;
  }

  private String template() {
    return """
        useradd -m -s /bin/bash -p '!' ubuntu
        printf 'ubuntu ALL=(ALL) NOPASSWD:ALL\\n' >/etc/sudoers.d/90-cloud-init-users
        chmod 0440 /etc/sudoers.d/90-cloud-init-users
        mkdir -m 0700 /home/ubuntu/.ssh
        echo '# kept' >/home/ubuntu/.ssh/authorized_keys
        echo 'KEY' >>/home/ubuntu/.ssh/authorized_keys
        chown -R ubuntu:ubuntu /home/ubuntu/.ssh
        rm -f /etc/ssh/ssh_host_*
        ssh-keygen -q -A
        echo template >/etc/hostname
        echo template.example.org >/etc/mailname
        printf '127.0.0.1 localhost\\n127.0.1.1 template.example.org template\\n' >/etc/hosts
        mkdir -p /etc/cloud/cloud.cfg.d /etc/docker /etc/nvme /var/lib/tailscale /var/lib/dhcp
        printf 'PasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/50-cloud-init.conf
        echo '{}' >/etc/docker/key.json
        echo x >/var/lib/tailscale/tailscaled.state
        echo lease >/var/lib/dhcp/dhclient.eth0.leases
        echo secret >/root/.bash_history
        echo nqn >/etc/nvme/hostnqn
        mkdir -p /var/lib/cloud/instance /root/.ssh
        printf '#cloud-config\nmanage_etc_hosts: true\n' >/var/lib/cloud/instance/cloud-config.txt
        echo 'KEY' >/root/.ssh/authorized_keys
        mkdir -p /var/log/journal
        echo 0123456789abcdef0123456789abcdef >/etc/machine-id
        mkdir -p /var/log/journal/0123456789abcdef0123456789abcdef
        """
        .replace("KEY", publicKey);
  }

  private static void converged(Run run) throws IOException {
    assertThat(Run.text(run.plan())).isEqualTo("workr1: as declared");
  }

  @Test
  void becomesAMachineOfItsOwn() throws IOException {
    Run run = clone("", "<domain>example.org</domain>");
    String keysBefore = machine.root("cat /etc/ssh/ssh_host_*_key.pub");

    HostPlan plan = run.plan();
    assertThat(plan.blocked()).as(Run.text(plan)).isFalse();
    assertThat(Run.text(plan)).contains("? keys in '/root/.ssh/authorized_keys'");
    assertThat(Run.text(plan)).contains("+ identity.cloud-init-off");
    run.apply(Run.steps(plan));
    machine.restart();

    converged(run);
    assertThat(machine.root("hostname; cat /etc/hostname; hostname -f; cat /etc/mailname"))
        .isEqualTo("workr1\nworkr1\nworkr1.example.org\nworkr1.example.org");
    String id = machine.root("cat /etc/machine-id");
    assertThat(id).matches("[0-9a-f]{32}").isNotEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(machine.root("ls /var/log/journal; cat /var/lib/dbus/machine-id"))
        .isEqualTo(id + "\n" + id);
    assertThat(machine.root("cat /etc/ssh/ssh_host_*_key.pub").lines())
        .hasSize(3)
        .doesNotContainAnyElementsOf(keysBefore.lines().toList());
    assertThat(
            machine.root(
                "ls -A /etc/docker /var/lib/tailscale /var/lib/dhcp /etc/ssh/.workr"
                    + " /root/.bash_history 2>/dev/null || true"))
        .doesNotContain("key.json", "tailscaled.state", "leases", ".bash_history", "for");
    assertThat(machine.root("/usr/sbin/sshd -T | grep -c '^passwordauthentication no'"))
        .isEqualTo("1");
    assertThat(run.login("sudo -n true", "").status()).isNotZero();
    assertThat(run.login("sudo -S -k -p '' id -u", PASSWORD + "\n").lines()).contains("0");
    assertThat(run.login("sudo -S -k -p '' id -u", "wrong\n").lines()).doesNotContain("0");
    assertThat(machine.root("cat /home/ubuntu/.ssh/authorized_keys"))
        .isEqualTo("# kept\n" + publicKey);
    assertThat(machine.root("journalctl -q --no-pager; cat /var/log/*.log 2>/dev/null || true"))
        .doesNotContain(PASSWORD);
  }

  @Test
  void needsNoRestartForItsAccount() throws IOException {
    Run run =
        clone(
            "<sudo>passwordless</sudo><exclusiveKeys>true</exclusiveKeys>",
            "<hostKeyTypes>ed25519</hostKeyTypes>");
    machine.root(
        "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9 x'"
            + " | tee -a /home/ubuntu/.ssh/authorized_keys >/home/ubuntu/.ssh/authorized_keys2;"
            + " chmod -R g+w /home/ubuntu/.ssh");

    run.apply(Run.steps(run.plan()));

    converged(run);
    assertThat(machine.root("ls /etc/ssh | grep host"))
        .isEqualTo("ssh_host_ed25519_key\nssh_host_ed25519_key.pub");
    assertThat(machine.root("ls /home/ubuntu/.ssh; cat /home/ubuntu/.ssh/authorized_keys"))
        .isEqualTo("authorized_keys\n# kept\n" + publicKey);
    assertThat(run.login("sudo -n id -u", "").lines()).contains("0");
    machine.root("passwd -l ubuntu; rm /etc/sudoers.d/workr");
    assertThat(Run.text(run.plan()))
        .contains("~ accounts.password: locked -> the secret")
        .contains("~ accounts.sudo:");
  }

  @Test
  void theCloneOfAProvisionedMachineIsACloneToo() throws IOException {
    Run first = clone("", "");
    first.apply(Run.steps(first.plan()));
    machine.restart();
    converged(first);
    String before = machine.root("cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub");

    Run second = run("workr2", "<setPassword>false</setPassword>", "");
    HostPlan plan = second.plan();
    assertThat(plan.blocked()).as(Run.text(plan)).isFalse();
    second.apply(Run.steps(plan));
    machine.restart();

    assertThat(Run.text(second.plan())).isEqualTo("workr2: as declared");
    assertThat(machine.root("cat /etc/machine-id /etc/ssh/ssh_host_*_key.pub").lines())
        .doesNotContainAnyElementsOf(before.lines().toList());
  }

  /** Stops after every single step, in turn by a dead controller and by a power cut. */
  @TestFactory
  Stream<DynamicTest> goesOnAfterEveryStep() throws IOException {
    int count;
    Run counting = clone("", "");
    count = Run.steps(counting.plan()).size();
    machine.close();
    return IntStream.range(1, count)
        .mapToObj(
            point ->
                DynamicTest.dynamicTest(
                    "after step " + point + " of " + count, () -> interruptedAfter(point)));
  }

  private void interruptedAfter(int point) throws IOException {
    Run run = clone("", "");
    try {
      List<Step> steps = Run.steps(run.plan());
      run.apply(steps.subList(0, point));
      if (point % 2 == 0) {
        machine.cut();
      }
      assertThat(run.login("true", "").status()).as("still reachable").isZero();
      HostPlan rest = run.plan();
      assertThat(rest.blocked()).as(Run.text(rest)).isFalse();
      assertThat(rest.changes()).isNotEmpty();
      run.apply(Run.steps(rest));
      converged(run);
      assertThat(run.login("true", "").status()).isZero();
    } finally {
      machine.close();
    }
  }
}
