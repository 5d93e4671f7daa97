package org.workr.capability.disk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.capability.platform.Dpkg;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * A new volume key, online. Every keyslot is carried along, each by its own passphrase: with {@code
 * --key-slot} cryptsetup would destroy the others, the binding's among them. The work itself is a
 * unit on the host, which needs neither connection nor controller.
 */
final class VolumeKeyChange {
  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final Duration STALL = Duration.ofMinutes(45);
  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

  /** Before anything is changed. */
  static final String CHECK =
      """
      otherwise=', so nothing was changed'
      openers >/dev/null
      """;

  static final String BEGIN =
      """
      ! reencrypting || exit 0
      # Not tried again here: cryptsetup tries each before it writes.
      lines=$(for s in $(slots); do secret_of "$s"; echo; done)
      digest=$(volume_key)
      numbers=$(all_slots)
      strange=$(echo "$numbers" | grep -vxF "$(slots)" | paste -sd, -)
      note workr-volume-key-begun '' "$(date +%s)" ",\\"digest\\":\\"$digest\\",\\"strange\\":\\"$strange\\""
      sync
      printf '%s\\n' "$lines" | cryptsetup reencrypt -q --init-only --resilience checksum "$D" || {
        # What it has added is known by the note.
        reencrypting || [ "$(all_slots)" != "$numbers" ] || forget workr-volume-key-begun
        die "cryptsetup could not begin the re-encryption of $D: run the goal again, which tries every passphrase first"
      }
      """;

  static final String START =
      """
      unit=workr-reencrypt-$U.service
      # Before anything that reads the header.
      case $(systemctl show -p ActiveState --value "$unit") in active|activating|deactivating)
        # This run has the host's lock; so while the pipe is there, the run that was to write the key into it is dead.
        [ -p "/run/workr/reencrypt-$U/key" ] || exit 0
        systemctl stop "$unit" ;;
      esac
      reencrypting || exit 0
      """
          + ReencryptionEnd.HERE
          + """
      reencrypting || exit 0
      PROVE
      # A package that comes makes an initramfs, which reads the header with its lock. So none comes by itself meanwhile; the
      # unit gives the timers back when it ends, and so does the next boot.
      timers=$(cat /run/workr/timers 2>/dev/null || :) # of a run that was killed
      for timer in apt-daily.timer apt-daily-upgrade.timer; do
        case " $timers " in *" $timer "*) continue ;; esac
        ! systemctl is-active --quiet "$timer" || timers="$timers $timer"
      done
      if [ -n "$timers" ]; then
        echo "$timers" >/run/workr/timers
        trap 'systemctl --no-block start $timers; rm -f /run/workr/timers' EXIT
        systemctl stop $timers
      fi
      """
          + Dpkg.waitForLock(LOCK_TIMEOUT)
          + """
      systemctl reset-failed "$unit" 2>/dev/null || :
      ! mountpoint -q "$run/ram" || umount "$run/ram"
      rm -rf "$run"
      mkdir -m 0700 "$run" "$run/ram"
      mkfifo -m 0600 "$run/key"
      # While it has the disk suspended it must not wait for anything on it: not for udev, and not for pages of its own, so
      # these come from memory that is never reclaimed.
      mount -t ramfs -o mode=0700,nosuid,nodev ramfs "$run/ram"
      program=$(command -v cryptsetup)
      cp -L "$program" $(ldd "$program" | grep -o '/[^ )]*') "$run/ram/"
      # What it opens besides: OpenSSL asks its providers for every hash, and threads that end want libgcc_s.
      for file in /usr/lib/*/ossl-modules/*.so /usr/lib/ossl-modules/*.so /lib/*/libgcc_s.so.1; do
        [ ! -e "$file" ] || cp -L "$file" "$run/ram/"
      done
      loader=$(echo "$run"/ram/ld-linux*)
      [ -x "$loader" ]
      set --
      [ -z "$timers" ] || set -- -p "ExecStopPost=-$(command -v systemctl) --no-block start $timers" -p "ExecStopPost=-$(command -v rm) -f /run/workr/timers"
      # Killed, it would leave the disk suspended; so nothing may kill it, and it stops at SIGTERM.
      systemd-run --quiet --unit="$unit" --no-block --setenv=DM_DISABLE_UDEV=1 \\
        --setenv=LC_ALL=C --setenv=OPENSSL_MODULES="$run/ram" -p Type=exec -p OOMScoreAdjust=-1000 \\
        -p KillSignal=SIGTERM -p SendSIGKILL=no -p TimeoutStopSec=10min -p LimitCORE=0 -p Restart=no \\
        -p MemorySwapMax=0 -p Nice=10 -p IOSchedulingClass=idle -p DefaultDependencies=yes "$@" \\
        -p StandardOutput="append:$run/progress" -p StandardError="append:$run/errors" \\
        /bin/sh -c 'exec "$2" --library-path "$3" "$3/cryptsetup" reencrypt -q --resume-only --resilience checksum PROGRESS --key-file - "$0" <"$1"' \\
        "$D" "$run/key" "$loader" "$run/ram"
      trap - EXIT
      printf %s "$P" | timeout 60 sh -c 'exec >"$0" && rm -f "$0" && cat' "$run/key" || {
        systemctl stop "$unit"
        die "the re-encryption did not begin within 60 s: systemctl status $unit"
      }
      """;

  static final String PROVE =
      """
      opens_any "$P" || die "the passphrase does not open $D, whose re-encryption has begun"
      """;

  static final String PROBE =
      LuksShell.UNLOCKED_METADATA
          + """
      u=UUID; d=/dev/disk/by-uuid/$u; run=/run/workr/reencrypt-$u
      case $(systemctl show -p ActiveState --value "workr-reencrypt-$u.service") in
        active|activating|deactivating|reloading)
          # Until it says how far it is, and where it does not (before 2.5): what stands in the header.
          all=1 new=0
          if ! tail -n 1 "$run/progress" 2>/dev/null | grep -E 'Progress:|"device_bytes":"[1-9]' >/dev/null; then
            all=$(blockdev --getsize64 "$d")
            new=$(unlocked_metadata "$d" |
              sed -n 's/.*"segments":{"0":{"type":"crypt","offset":"[0-9]*","size":"\\([0-9]*\\)".*/\\1/p')
          fi
          tail -n 1 "$run/progress" 2>/dev/null | awk -v all="$all" -v new="${new:-0}" '
            /Progress:/ {sub(/.*Progress: */, ""); print "running", $0; said = 1; next} # before 2.5
            { n = split($0, part, /[",{}:]+/)
              for (i = 1; i < n; i++) value[part[i]] = part[i + 1]
              left = int(value["eta_ms"] / 1000)
              if (value["device_size"] > 0 && value["device_bytes"] > 0) {
                printf "running %d %%", value["device_bytes"] * 100 / value["device_size"]
                if (value["speed"] > 0) printf ", %.1f MiB/s, %d min %02d s left", value["speed"] / 1048576, left / 60, left % 60
                print ""
              }
              else next
              said = 1 }
            END { if (!said) printf "running %d %%\\n", new * 100 / all }' ;;
        *)
          if cryptsetup luksDump "$d" | grep '^Requirements:.*reencrypt' >/dev/null; then
            echo "failed it has stopped before its end: $(tail -n 3 "$run/errors" 2>/dev/null | tr '\\n' ' ')Run the goal again, which goes on where it stopped."
          else
            echo done
          fi ;;
      esac""";

  static final String FINISH =
      """
      ! reencrypting || die "the re-encryption of $D has not ended: run the goal again"
      openers >/dev/null
      begun=$(tokens | awk '$2 == "workr-volume-key-begun" {print $1; exit}')
      if [ -z "$begun" ] || ! cryptsetup token export --token-id "$begun" "$D" | grep -F "\\"machine\\":\\"$(machine)\\"" >/dev/null; then
        # It was begun elsewhere, perhaps on the machine that this one was copied from, which has the same key.
        forget workr-volume-key-begun
        exit 0
      fi
      digest=$(volume_key)
      note workr-volume-key '' "$(date +%s)" ",\\"digest\\":\\"$digest\\""
      forget workr-volume-key-begun
      ! mountpoint -q "/run/workr/reencrypt-$U/ram" || umount "/run/workr/reencrypt-$U/ram"
      rm -rf "/run/workr/reencrypt-$U"
      sync
      """;

  private final String cryptsetup;
  private final Optional<Rekey> rekey;

  VolumeKeyChange(String cryptsetup, Optional<Rekey> rekey) {
    this.cryptsetup = cryptsetup;
    this.rekey = rekey;
  }

  /** Whether the volume key has to be replaced, or its replacement finished. */
  boolean due(LuksDevice device) {
    return !device.volumeKeyOwn()
        || rekey
            .filter(
                request -> request.due(Rekey.Part.VOLUME_KEY, device.since(Note.Kind.VOLUME_KEY)))
            .isPresent();
  }

  /** Plans it. */
  void plan(Target target, Findings.Builder out) {
    LuksDevice device = target.device();
    boolean resume = target.header().reencrypting();
    if (!resume && device.volumeKeyUnseen()) {
      out.change(
          Stage.DISK,
          Action.RESUME,
          target.subject("volume-key"),
          "replaced, and not looked at since",
          "made anew on this machine",
          target.script(FINISH));
      return;
    }
    if (!resume && !due(device)) {
      return;
    }
    if (resume) {
      out.warning(
          "the re-encryption of " + target.where() + " goes on: " + device.progressText(),
          device.unitActive()
              ? "The host does that by itself; provision and rekey wait for it and finish it."
              : "It has stopped; provision and rekey start it again where it was.");
    }
    if (!resume && device.path().startsWith("/dev/mapper/")) {
      out.warning(
          target.where()
              + " lies on LVM or another mapping, so nothing mends its header by itself when a power"
              + " cut interrupts the very end of its re-encryption",
          "That takes fractions of a second. See docs/recovery.md, if it should ever be.");
    }
    List<Step> steps = new ArrayList<>();
    if (!resume) {
      steps.add(target.script(CHECK));
      steps.add(target.script(BEGIN));
    }
    // Putting an old header back destroys data from the first block on, which comes next. Until it
    // has begun, the old one is the only copy.
    steps.add(new Step.DestroyHeaders(device.uuid()));
    // It does nothing where the unit is active, so the plan is the same when that ends meanwhile.
    // What has just begun it has opened it.
    steps.add(
        target.script(
            START.replace("PROGRESS", progress()).replace("PROVE\n", resume ? PROVE : "")));
    steps.add(
        new Step.Await(
            "the re-encryption of " + device.path(),
            PROBE.replace("UUID", device.uuid()),
            INTERVAL,
            STALL));
    steps.add(target.script(FINISH));
    out.change(
        Stage.DISK,
        resume ? Action.RESUME : Action.UPDATE,
        target.subject("volume-key"),
        before(device, resume),
        "made anew on this machine",
        steps.toArray(Step[]::new));
  }

  private static String before(LuksDevice device, boolean resume) {
    if (resume) {
      // Not how far it is: a plan that says something else a minute later is taken for another one.
      return "being replaced";
    }
    return device.volumeKeyOwn() ? "of " + device.since(Note.Kind.VOLUME_KEY) : "the template's";
  }

  private String progress() {
    return Versions.before(cryptsetup, "2.5.0")
        ? "--progress-frequency 5"
        : "--progress-json --progress-frequency 5";
  }
}
