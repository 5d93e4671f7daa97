package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Ipv4;

/**
 * The address while the initramfs unlocks the disk, which knows nothing of the network's
 * configuration on that disk (initramfs-tools(7), "ip="). It is written only when the address is
 * confirmed, so no rollback has to build an initramfs.
 *
 * @param builder what makes the initramfs: {@code initramfs-tools}, {@code dracut}; empty when
 *     nothing does, as in a container
 * @param commandLine what the kernel's command line says instead, such as {@code ip=dhcp}
 * @param later files that are read after workr's and say something else
 * @param stale images that were made before workr's files, or while a run was interrupted
 * @param shortOf what /boot lacks for one more image, as the end of a sentence; empty when nothing
 */
record Initramfs(
    Optional<String> builder,
    Optional<String> commandLine,
    List<String> later,
    List<String> stale,
    Optional<String> shortOf) {
  static final String CONF = "/etc/initramfs-tools/conf.d/workr-ip";
  static final String HOOK = "/etc/initramfs-tools/scripts/init-bottom/workr-network";

  static final Fact<Initramfs> FACT =
      Fact.of(
          "network.initramfs",
          """
          # dracut can bring an update-initramfs too, which reads nothing of this.
          if ! command -v mkinitramfs >/dev/null || ! command -v update-initramfs >/dev/null; then
            if command -v dracut >/dev/null; then echo 'builder dracut'; else echo 'builder -'; fi
            exit 0
          fi
          echo 'builder initramfs-tools'
          tr -s ' ' '\\n' </proc/cmdline | sed -n 's/^ip=/command-line ip=/p'
          for file in /etc/initramfs-tools/conf.d/*; do
            case $file in
              CONF) seen=yes ;;
              *) [ "${seen-no}" = yes ] || expr "$file" '>' CONF >/dev/null || continue
                ! grep -qsE '^[[:space:]]*(export[[:space:]]+)?IP=' "$file" || echo "later $file" ;;
            esac
          done
          largest=0
          for image in /boot/initrd.img-*; do
            [ -f "$image" ] && [ -d "/lib/modules/${image#/boot/initrd.img-}" ] || continue
            size=$(stat -c %s "$image")
            [ "$size" -le "$largest" ] || largest=$size
            now=$(stat -c '%n %s %Y' "$image")
            if [ -e HOME/initramfs-due ]; then
              echo "stale $image"
            elif ! grep -qsxF -e "$now" HOME/initramfs; then
              for file in CONF HOOK; do
                [ ! -e "$file" ] || [ "$image" -nt "$file" ] || { echo "stale $image"; break; }
              done
            fi
          done
          [ "$largest" -gt 0 ] || exit 0
          needed=$((largest / 1024 * 5 / 4))
          free=$(df -k --output=avail /boot | tail -n 1 | tr -d ' ')
          [ -n "$free" ] || exit 1
          [ "$free" -ge "$needed" ] || echo "short $free KiB free, and an image needs $needed KiB"
          """
              .replace("CONF", CONF)
              .replace("HOOK", HOOK)
              .replace("HOME", Deadman.HOME),
          Initramfs::parse);

  private static final String BEGIN =
      "mkdir -p HOME && touch HOME/initramfs-due && sync HOME".replace("HOME", Deadman.HOME);

  // All images are looked into: the running kernel's own may be gone, with a newer one installed.
  // Two at once would write the same temporary file, so a lock keeps them apart.
  private static final String UPDATE =
      """
      exec 8>HOME/initramfs-lock
      flock -w 900 8 || { echo "another workr command has been building for 15 minutes" >&2; exit 1; }
      update-initramfs -u -k all 8>&-
      for image in /boot/initrd.img-*; do
        [ -f "$image" ] && [ -d "/lib/modules/${image#/boot/initrd.img-}" ] || continue
        [ "$image" -nt HOME/initramfs-due ] || {
          echo "update-initramfs left $image as it was: see /etc/initramfs-tools/update-initramfs.conf" >&2
          exit 1
        }
        CHECK
        stat -c '%n %s %Y' "$image"
      done >HOME/initramfs.new
      sync
      mv -f HOME/initramfs.new HOME/initramfs
      rm -f HOME/initramfs-due
      sync HOME
      """
          .replace("HOME", Deadman.HOME);

  private static final String CHECK =
      """
      lsinitramfs "$image" | grep -x 'conf/conf.d/workr-ip' >/dev/null || {
          echo "the new $image does not contain workr's address" >&2
          exit 1
        }""";

  // In Ubuntu, what the initramfs learned of the network becomes a netplan file in /run, which
  // netplan merges over those in /etc; whether /run is moved before or after this script varies.
  private static final String HOOK_TEXT =
      """
      #!/bin/sh
      # %s
      # What the initramfs set up must not become a part of netplan's configuration.
      case $1 in prereqs) exit 0 ;; esac
      rm -f /run/netplan/*.yaml "${rootmnt:-}"/run/netplan/*.yaml
      """
          .formatted(Wanted.WRITTEN);

  /** Copies the lists. */
  Initramfs {
    later = List.copyOf(later);
    stale = List.copyOf(stale);
  }

  private static Initramfs parse(String text) {
    KeyedLines lines = KeyedLines.parse(text);
    if (!lines.values().containsKey("builder")) {
      throw new IllegalArgumentException("no builder: '" + text + "'");
    }
    return new Initramfs(
        lines.first("builder"),
        lines.first("command-line"),
        lines.all("later"),
        lines.all("stale"),
        lines.first("short"));
  }

  /**
   * The line for klibc's ipconfig: address, server, gateway, mask, name, interface, how, name
   * servers.
   */
  static String line(Wanted wanted) {
    String servers =
        wanted.nameservers().stream().limit(2).map(s -> ":" + s).collect(Collectors.joining());
    return "IP="
        + wanted.address().ip()
        + "::"
        + wanted.gateway().map(Ipv4::toString).orElse("")
        + ":"
        + wanted.address().netmask()
        + ":"
        + wanted.host().hostname()
        + ":"
        + wanted.link().nameInInitramfs()
        + ":off"
        + servers;
  }

  /** The files that an initramfs is made with. */
  static List<Step.WriteFile> files(Wanted wanted, Backend backend) {
    List<Step.WriteFile> files = new ArrayList<>();
    files.add(Step.file(CONF, "# " + Wanted.WRITTEN + "\n" + line(wanted) + "\n", "0644"));
    if (backend instanceof Netplan) {
      files.add(Step.file(HOOK, HOOK_TEXT, "0755"));
    }
    return files;
  }

  /**
   * Plans to have the address in the initramfs, or only says what is wrong with it when the host
   * cannot have that address yet.
   */
  void plan(
      Wanted wanted, Backend backend, OwnFiles own, boolean obstructed, Findings.Builder out) {
    if (builder.isEmpty()) {
      return;
    }
    if (!builder.get().equals("initramfs-tools")) {
      out.warning(
          "the machine's initramfs is made by "
              + builder.get()
              + ", so the address holds only once its disk is unlocked",
          "Where the network has no DHCP, Tang servers cannot unlock the disk. Say"
              + " <initramfs>false</initramfs> below <network> when that is intended.");
      return;
    }
    boolean overruled = overruled(out);
    List<Step.WriteFile> files = files(wanted, backend);
    boolean written = files.stream().allMatch(own::has);
    if (written && stale.isEmpty()) {
      return;
    }
    if (noRoom(out) || overruled || obstructed) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    steps.add(Step.shell(BEGIN));
    steps.addAll(files);
    steps.add(Step.shell(UPDATE.replace("CHECK", CHECK)));
    out.change(
        Stage.IMAGE,
        written ? Action.RESUME : own.has(CONF) ? Action.UPDATE : Action.CREATE,
        "initramfs",
        before(own),
        line(wanted),
        steps.toArray(Step[]::new));
  }

  private String before(OwnFiles own) {
    if (!own.has(CONF)) {
      return "";
    }
    return stale.isEmpty() ? "not as declared" : "not in " + String.join(", ", stale);
  }

  /** What the initramfs obeys before workr's file is wrong also when that file is as declared. */
  private boolean overruled(Findings.Builder out) {
    commandLine.ifPresent(
        word ->
            out.error(
                "the kernel's command line says '" + word + "', which goes before workr's address",
                "Take it out of /etc/default/grub or /boot/firmware/cmdline.txt, run update-grub,"
                    + " restart the machine and run the goal again."));
    later.forEach(
        file ->
            out.error(
                "'" + file + "' sets another address for the initramfs, and is read after workr's",
                "Remove its line IP= and run the goal again."));
    return commandLine.isPresent() || !later.isEmpty();
  }

  private boolean noRoom(Findings.Builder out) {
    shortOf.ifPresent(
        space ->
            out.error(
                "/boot has " + space,
                "Remove kernels that are not used, with apt-get autoremove --purge, and run the goal"
                    + " again."));
    return shortOf.isPresent();
  }

  /** Plans to take workr's address out again. */
  void planWithout(OwnFiles own, Findings.Builder out) {
    if (!own.has(CONF) && !own.has(HOOK) && stale.isEmpty()) {
      return;
    }
    if (noRoom(out)) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    steps.add(Step.run("rm", "-f", "--", CONF, HOOK));
    if (builder.equals(Optional.of("initramfs-tools"))) {
      steps.add(0, Step.shell(BEGIN));
      steps.add(Step.shell(UPDATE.replace("  CHECK\n", "")));
    }
    out.change(
        Stage.IMAGE, Action.DELETE, "initramfs", "workr's address", "", steps.toArray(Step[]::new));
  }
}
