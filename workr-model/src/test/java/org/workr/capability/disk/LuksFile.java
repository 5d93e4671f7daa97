package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.workr.capability.Findings;
import org.workr.capability.SampleHost;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.plan.Change;
import org.workr.plan.Step;
import org.workr.planning.GoldenCase;
import org.workr.value.SecretName;

/**
 * A machine whose disk is a file with a real LUKS2 header, on which the real probes and scripts run
 * with the real cryptsetup. What a machine has besides is played by the programs in {@code
 * luks-file/}. A script can be killed at the n-th call that writes.
 */
final class LuksFile {
  /** The passphrase of the template. */
  static final String TEMPLATE = "template's canary";

  /** Before 2.5 the first way fails while it is re-encrypted. */
  private static final String OPENS =
      """
      opens_it() { # PASSPHRASE OPTION...
        p=$1; shift
        if [ "$#" -eq 0 ] && ! /usr/sbin/cryptsetup --help | grep -e --token-replace >/dev/null; then
          printf %s "$p" | /usr/sbin/cryptsetup luksDump -q --dump-master-key --key-file - DISK >/dev/null
        else
          printf %s "$p" | /usr/sbin/cryptsetup open --test-passphrase --key-file - DISK "$@"
        fi
      }
      """;

  /** Another one, such as an older one: {@code -Dworkr.disk.cryptsetup=FILE}. */
  private static final String CRYPTSETUP =
      System.getProperty("workr.disk.cryptsetup", "/usr/sbin/cryptsetup");

  /** Names of variables to which scripts assign secrets; whoever logs in may have them exported. */
  private static final List<String> EXPORTED =
      List.of("P", "C", "K", "OLD", "NEW", "PENDING", "OWN", "CURRENT", "lines");

  private static final List<String> PROGRAMS =
      List.of(
          "cryptsetup",
          "clevis",
          "jose",
          "lsblk",
          "blockdev",
          "dpkg-query",
          "ldd",
          "ld-linux.so",
          "mount",
          "mountpoint",
          "sync",
          "systemctl",
          "systemd-run");

  private final Path folder;
  private final Path disk;
  private final GoldenCase golden =
      GoldenCase.of(GoldenCase.ROOT.resolve("disk/restart-not-allowed"));
  private Map<SecretName, String> secrets = new HashMap<>();
  private String failure = "";
  private List<String> headers = List.of();
  private int made;

  /**
   * What it was like at some time.
   *
   * @param disk a copy of the file
   * @param secrets what the controller knew
   * @param headers copies of headers there
   */
  record Snapshot(Path disk, Map<SecretName, String> secrets, List<String> headers) {}

  LuksFile(Path folder) throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of(CRYPTSETUP)), "no cryptsetup");
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dash")), "no dash");
    this.folder = folder;
    disk = folder.resolve("disk");
    Files.createDirectories(folder.resolve("bin"));
    for (String program : PROGRAMS) {
      Path file = folder.resolve("bin").resolve(program);
      String text = Files.readString(Path.of("src/test/resources/luks-file", program));
      Files.writeString(file, text.replace("/usr/sbin/cryptsetup", CRYPTSETUP));
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(folder.resolve("machine-id"), "0123456789abcdef0123456789abcdef\n");
    Files.writeString(folder.resolve("protected"), protectedHeader());
    killAt(0);
    format();
    secrets.put(Openings.Which.OWN.of(SampleHost.WORKR1), "own canary 0");
    secrets.put(Openings.Which.CURRENT.of(SampleHost.WORKR1), TEMPLATE);
  }

  private String protectedHeader() throws IOException {
    Reading<DiskState> state = new Facts(golden.before()).get(DiskState.FACT);
    return ((Reading.Known<DiskState>) state)
        .value().devices().get(0).header().orElseThrow().tokens("clevis").stream()
            .map(token -> token.json().path("jwe").path("protected").asString(""))
            .findFirst()
            .orElseThrow();
  }

  private void format() {
    shell(
        "truncate -s 20M DISK; printf %s \"$(cat)\" | /usr/sbin/cryptsetup luksFormat -q --type luks2"
            + " --uuid 5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 DISK -",
        TEMPLATE);
  }

  Snapshot snapshot(String name) throws IOException {
    Path copy = folder.resolve("snapshot-" + name);
    Files.copy(disk, copy, StandardCopyOption.REPLACE_EXISTING);
    return new Snapshot(copy, Map.copyOf(secrets), headers);
  }

  void restore(Snapshot snapshot) throws IOException {
    Files.copy(snapshot.disk(), disk, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(folder.resolve("unit"));
    secrets = new HashMap<>(snapshot.secrets());
    headers = snapshot.headers();
  }

  /** A plan for how it is. */
  Findings plan(Disk disk) {
    try {
      Encryption encryption = new Encryption(golden.spec().disk().orElseThrow(), false);
      return disk.plan(encryption, new Situation(SampleHost.WORKR1, facts(), List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does what a plan says; false when a step fails or is killed. */
  boolean apply(Findings plan) {
    for (Change change : plan.changes()) {
      for (Step step : change.steps()) {
        if (!apply(step)) {
          return false;
        }
      }
    }
    return true;
  }

  /** What the last script said on its standard error. */
  String failure() {
    return failure;
  }

  private boolean apply(Step step) {
    if (step instanceof Step.Run run) {
      if (run.argv().get(2).endsWith("systemctl poweroff")) {
        return true; // This machine stays.
      }
      List<String> lines =
          run.stdin().stream().map(input -> secrets.getOrDefault(input.secret(), "")).toList();
      Ran ran = run(run.argv().get(2), lines);
      failure = ran.errors();
      return ran.status() == 0;
    } else if (step instanceof Step.Await await) {
      return await(await);
    } else if (step instanceof Step.MakeSecret make) {
      secrets.putIfAbsent(make.secret().pending(), "own canary " + ++made);
    } else if (step instanceof Step.PromoteSecret promote) {
      Optional.ofNullable(secrets.remove(promote.secret().pending()))
          .ifPresent(
              fresh -> {
                String old = secrets.put(promote.secret(), fresh);
                if (old != null) {
                  secrets.put(promote.secret().current(), old);
                }
              });
    } else if (step instanceof Step.ForgetSecret forget) {
      secrets.remove(forget.secret());
    } else if (step instanceof Step.StoreHeader store) {
      headers =
          List.of(store.uuid() + " " + shell(HeaderId.shell("DISK")).output() + " 1795296000");
    } else if (step instanceof Step.DestroyHeaders) {
      headers = List.of();
    } else {
      throw new AssertionError("not played: " + step);
    }
    return true;
  }

  private boolean await(Step.Await await) {
    for (int i = 0; i < 6000; i++) {
      String said = shell(await.probe()).output();
      if (!said.startsWith("running")) {
        failure = said;
        return said.equals("done");
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("it never ends");
  }

  /** What the probe of {@link DiskState} says. */
  DiskState state() throws IOException {
    Reading<DiskState> state = facts().get(DiskState.FACT);
    return ((Reading.Known<DiskState>) state).value();
  }

  private Facts facts() throws IOException {
    Map<String, Facts.Section> sections = new HashMap<>(golden.before());
    String now = String.valueOf(Instant.now().getEpochSecond());
    sections.put("platform.clock", new Facts.Section(0, now));
    sections.put("controller.clock", new Facts.Section(0, now));
    sections.put(
        "platform.disks",
        new Facts.Section(
            0,
            "%s 7:0\nKNAME=\"loop0\" PKNAME=\"\" PATH=\"%s\" TYPE=\"loop\" FSTYPE=\"crypto_LUKS\" FSVER=\"2\" UUID=\"\" MAJ:MIN=\"7:0\""
                .formatted(disk, disk)));
    sections.put("disk.state", section(DiskState.FACT, List.of()));
    Fact<Openings> openings = Openings.fact(SampleHost.WORKR1);
    List<String> lines =
        openings.secrets().stream().map(name -> secrets.getOrDefault(name, "")).toList();
    sections.put("disk.openings", section(openings, lines));
    sections.put("controller.headers", new Facts.Section(0, String.join("\n", headers)));
    return new Facts(sections);
  }

  private Facts.Section section(Fact<?> fact, List<String> lines) {
    Ran ran = run("set +e; LC_ALL=C\n" + fact.probe(), lines);
    return new Facts.Section(ran.status(), ran.output());
  }

  /** How the header is. */
  LuksHeader header() {
    return LuksHeader.parse(
        shell("/usr/sbin/cryptsetup luksDump --dump-json-metadata DISK | tr -d ' \\n\\t'")
            .output());
  }

  /** Whether a passphrase opens it. */
  boolean opens(String passphrase) {
    return shell(OPENS + "IFS= read -r P; opens_it \"$P\"", passphrase).status() == 0;
  }

  /** Whether every token of Clevis opens it by a keyslot that it speaks of, and there is one. */
  boolean opensByItself() {
    LuksHeader header = header();
    List<LuksHeader.Token> tokens = header.tokens("clevis");
    return !tokens.isEmpty()
        && tokens.stream()
            .allMatch(
                token ->
                    token.keyslots().stream()
                        .anyMatch(slot -> opensByItself(slot, header.reencrypting())));
  }

  /** While it is re-encrypted, cryptsetup takes a keyslot of either volume key, and no number. */
  private boolean opensByItself(int slot, boolean reencrypting) {
    return shell(
                OPENS
                    + "C=$(FOLDER/bin/clevis luks pass -d DISK -s "
                    + slot
                    + "); [ -n \"$C\" ]; opens_it \"$C\""
                    + (reencrypting ? "" : " --key-slot " + slot))
            .status()
        == 0;
  }

  /** What the controller knows. */
  Map<SecretName, String> secrets() {
    return secrets;
  }

  /** Kills the script at the n-th call of cryptsetup that writes, counted from now; 0 at none. */
  void killAt(int call) throws IOException {
    Files.writeString(folder.resolve("count"), "0");
    Files.writeString(folder.resolve("written"), "");
    Files.writeString(folder.resolve("stop"), String.valueOf(call));
  }

  /** Calls that write, since {@link #killAt}. */
  int calls() throws IOException {
    return Integer.parseInt(Files.readString(folder.resolve("count")).strip());
  }

  /** Makes or removes a file that the programs go by. */
  void mark(String name, boolean there) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
    if (there) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  /** The arguments of those calls. */
  List<String> written() throws IOException {
    return Files.readAllLines(folder.resolve("written"));
  }

  /** All arguments and environments of programs, and all that they were to encrypt. */
  List<String> seen() throws IOException {
    return Files.readAllLines(folder.resolve("seen"));
  }

  List<String> keys() throws IOException {
    return Files.readAllLines(folder.resolve("keys"));
  }

  /** What a script did. */
  record Ran(int status, String output, String errors) {}

  Ran shell(String script, String... lines) {
    return run(script, List.of(lines));
  }

  /** Runs a script about this disk; DISK and FOLDER are replaced. */
  Ran run(String script, List<String> lines) {
    String text =
        script
            .replace("/dev/disk/by-uuid/$u", disk.toString())
            .replace("/dev/disk/by-uuid/$U", disk.toString())
            .replace("/etc/machine-id", folder.resolve("machine-id").toString())
            .replace("/run/workr", folder.resolve("run").toString())
            .replace("/etc/crypttab", folder.resolve("crypttab").toString())
            .replace("/etc/default/grub", folder.resolve("grub").toString())
            .replace("/dev/tpmrm", folder.resolve("tpmrm").toString())
            .replace("/sys/class/tpm/", folder.resolve("tpm") + "/")
            // The package manager of this machine may be at work.
            .replace("/var/lib/dpkg/", folder.resolve("dpkg").toString() + "/")
            .replace("/var/lib/apt/", folder.resolve("apt").toString() + "/")
            .replace("/usr/sbin/cryptsetup", CRYPTSETUP)
            .replaceAll("\\bDISK\\b", Matcher.quoteReplacement(disk.toString()))
            .replace("FOLDER", folder.toString());
    try {
      Path errors = folder.resolve("errors");
      Path output = folder.resolve("output");
      ProcessBuilder builder =
          new ProcessBuilder("setsid", "--wait", "/usr/bin/dash", "-ec", text)
              .redirectError(errors.toFile())
              .redirectOutput(output.toFile());
      builder.environment().put("PATH", folder.resolve("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin");
      EXPORTED.forEach(name -> builder.environment().put(name, "exported"));
      Process process = builder.start();
      try (var stdin = process.getOutputStream()) {
        for (String line : lines) {
          stdin.write((line + "\n").getBytes(UTF_8));
        }
      } catch (IOException e) {
        // It has ended without reading them.
      }
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("within 120 s: " + text).isTrue();
      return new Ran(
          process.exitValue(),
          Files.readString(output).stripTrailing(),
          Files.readString(errors).stripTrailing());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** All passphrases that the controller knows. */
  Stream<String> known() {
    return List.copyOf(new ArrayList<>(secrets.values())).stream();
  }
}
