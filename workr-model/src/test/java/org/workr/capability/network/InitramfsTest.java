package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.workr.plan.Step;
import org.workr.render.Shell;

/** The initramfs probe and steps, with two kernels and a stand-in that builds their images. */
class InitramfsTest {
  private static final String MACHINE =
      """
      own_lib
      mkdir -p /lib/modules/6.1.0-1 /lib/modules/6.1.0-2 /etc/initramfs-tools/conf.d
      mkdir -p /etc/initramfs-tools/scripts/init-bottom /var/lib/workr/network
      echo old >/boot/initrd.img-6.1.0-1
      echo old >/boot/initrd.img-6.1.0-2
      echo old >/boot/initrd.img-5.9.9-removed
      : | stand_in mkinitramfs
      stand_in update-initramfs <<'END'
      sleep 0.1 # no build is as fast as the clock of files is coarse
      for v in 6.1.0-1 6.1.0-2; do
        { echo conf; ls /etc/initramfs-tools/conf.d | sed 's,^,conf/conf.d/,'; } >/boot/new && mv /boot/new /boot/initrd.img-$v
      done
      END
      stand_in lsinitramfs <<'END'
      cat "$1"
      END
      """;

  private static final String BOTH_STALE =
      """
      builder initramfs-tools
      stale /boot/initrd.img-6.1.0-1
      stale /boot/initrd.img-6.1.0-2""";

  @BeforeEach
  void machinesOfItsOwn() throws Exception {
    OwnMachine.needOwnLib();
  }

  @Test
  void isNotStaleWhereNothingIsToBeInIt() throws Exception {
    assertThat(run("")).isEqualTo("builder initramfs-tools");
  }

  @Test
  void isStaleUntilItIsBuilt() throws Exception {
    // Nobody asks for the running kernel: its image may have been removed.
    assertThat(run("sleep 0.1; : >CONF\n")).isEqualTo(BOTH_STALE);
    assertThat(run(steps("UPDATE"))).isEqualTo("builder initramfs-tools");
    assertThat(run(steps("UPDATE") + "cat /boot/initrd.img-6.1.0-1;"))
        .startsWith("conf\nconf/conf.d/workr-ip\n");
  }

  @Test
  void isStaleWhenItWasInterrupted() throws Exception {
    String fails = "echo 'exit 1' | stand_in update-initramfs; hash -r\n";

    assertThat(run(fails + steps("UPDATE"))).isEqualTo(BOTH_STALE);
    assertThat(run(fails + steps("DELETE"))).isEqualTo(BOTH_STALE);
  }

  @Test
  void isStaleWhenAnImageWasLeftAsItWas() throws Exception {
    String says = "{ " + steps("UPDATE") + "} 2>&1\n";
    assertThat(run(": | stand_in update-initramfs; hash -r\n" + says))
        .startsWith("update-initramfs left /boot/initrd.img-6.1.0-1 as it was: ")
        .endsWith(BOTH_STALE);
    assertThat(run("echo 'echo conf' | stand_in lsinitramfs; hash -r\n" + says))
        .startsWith("the new /boot/initrd.img-6.1.0-1 does not contain workr's address")
        .endsWith(BOTH_STALE);
  }

  @Test
  void isBuiltOfARecordAndNotOfTheClock() throws Exception {
    // A machine without a clock of its own wrote the images "before" the files.
    assertThat(run(steps("UPDATE") + "touch CONF HOOK\n")).isEqualTo("builder initramfs-tools");
    assertThat(
            run(
                steps("UPDATE")
                    + "touch CONF HOOK; sleep 0.1; echo x >>/boot/initrd.img-6.1.0-2\n"))
        .isEqualTo("builder initramfs-tools");
  }

  @Test
  void needsRoomForOneMoreImage() throws Exception {
    assertThat(
            run(
                """
                mount -t tmpfs -o size=1m none /boot
                dd if=/dev/zero of=/boot/initrd.img-6.1.0-1 bs=1k count=600 2>/dev/null
                """))
        .contains("short 424 KiB free, and an image needs 750 KiB");
  }

  @Test
  void losesTheAddressAgain() throws Exception {
    assertThat(
            run(steps("UPDATE") + steps("DELETE") + "cat /boot/initrd.img-6.1.0-1; ls CONF HOOK;"))
        .isEqualTo("conf\nbuilder initramfs-tools");
  }

  private static String run(String text) throws Exception {
    String paths = text.replace("CONF", Initramfs.CONF).replace("HOOK", Initramfs.HOOK);
    return OwnMachine.run(MACHINE, "{ " + paths + ": ; } 2>/dev/null\n" + Initramfs.FACT.probe())
        .output();
  }

  /** The steps of a plan, up to the first that fails. */
  private static String steps(String action) {
    String all =
        NetworkTexts.steps().entrySet().stream()
            .filter(step -> step.getKey().startsWith("initramfs " + action))
            .map(step -> command(step.getValue()))
            .collect(Collectors.joining(" &&\n"));
    assertThat(all).contains("update-initramfs -u");
    return all + "\n";
  }

  private static String command(Step step) {
    if (step instanceof Step.WriteFile file) {
      return "printf %s " + Shell.quote(file.content()) + " >" + file.path();
    }
    return Shell.command(((Step.Run) step).argv());
  }
}
