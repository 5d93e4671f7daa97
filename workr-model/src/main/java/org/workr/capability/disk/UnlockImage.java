package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * Whether the images that the machine starts from (initramfs-tools(7)) hold what unlocks the disk.
 * Looking into one takes a while, so those that were looked into are noted with size and time.
 *
 * @param builder what makes them: {@code initramfs-tools}, {@code dracut}; empty when nothing does
 * @param images how many there are
 * @param unchecked those that nobody has looked into since they were made
 * @param end the digest of the files of {@link ReencryptionEnd}; empty when they are not there
 */
record UnlockImage(Optional<String> builder, int images, List<String> unchecked, String end) {
  private static final String CHECKED = "/var/lib/workr/unlock-images";

  static final Fact<UnlockImage> FACT =
      Fact.of(
          "disk.images",
          """
          if ! command -v mkinitramfs >/dev/null || ! command -v update-initramfs >/dev/null; then
            if command -v dracut >/dev/null; then echo 'builder dracut'; else echo 'builder -'; fi
            exit 0
          fi
          echo 'builder initramfs-tools'
          echo "end $(PRESENT)"
          for image in /boot/initrd.img-*; do
            [ -f "$image" ] && [ -d "/lib/modules/${image#/boot/initrd.img-}" ] || continue
            # It holds what was in crypttab when it was made.
            if [ ! /etc/crypttab -nt "$image" ] && grep -qsxF -e "$(stat -c '%n %s %Y' "$image")" CHECKED; then
              echo "good $image"
            else
              echo "unchecked $image"
            fi
          done"""
              .replace("CHECKED", CHECKED)
              .replace("PRESENT", EndScript.PRESENT),
          UnlockImage::parse);

  static final String CHECK =
      """
      images() {
        for image in /boot/initrd.img-*; do
          [ -f "$image" ] && [ -d "/lib/modules/${image#/boot/initrd.img-}" ] || continue
          echo "$image"
        done
      }
      missing() {
        # One that was cut off is made anew, too.
        lsinitramfs "$1" >/run/workr/image || { echo everything, as it cannot be read; return; }
        for file in PARTS; do
          grep -E "(^|/)$file\\$" /run/workr/image >/dev/null || echo "$file"
        done
        for file in SCRIPT /etc/crypttab; do
          [ ! "$file" -nt "$1" ] || echo "the present $file"
        done
        rm -f /run/workr/image
      }
      mkdir -p -m 0700 /run/workr
      for image in $(images); do
        if [ -n "$(missing "$image")" ]; then
          # By the clock by which the images are made.
          for file in SCRIPT /etc/crypttab; do [ ! -e "$file" ] || touch "$file"; done
          update-initramfs -u -k all
          break
        fi
      done
      mkdir -p -m 0755 /var/lib/workr
      for image in $(images); do
        gone=$(missing "$image")
        [ -z "$gone" ] || { echo "the new $image lacks $(echo $gone)" >&2; exit 1; }
        stat -c '%n %s %Y' "$image"
      done >CHECKED.new
      mv -f CHECKED.new CHECKED
      sync
      """
          .replace("CHECKED", CHECKED)
          .replace("SCRIPT", EndScript.SCRIPT_PATH);

  /** Copies the list. */
  UnlockImage {
    unchecked = List.copyOf(unchecked);
  }

  private static UnlockImage parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).startsWith("builder ")) {
      throw new IllegalArgumentException("no builder");
    }
    String builder = lines.get(0).substring("builder ".length());
    return new UnlockImage(
        builder.equals("-") ? Optional.empty() : Optional.of(builder),
        (int) lines.stream().filter(line -> line.matches("(?:good|unchecked) .*")).count(),
        lines.stream()
            .filter(line -> line.startsWith("unchecked "))
            .map(line -> line.substring("unchecked ".length()))
            .toList(),
        lines.stream()
            .filter(line -> line.startsWith("end "))
            .map(line -> line.substring("end ".length()))
            .filter(digest -> !digest.equals("-"))
            .findFirst()
            .orElse(""));
  }

  private boolean made() {
    return builder.equals(Optional.of("initramfs-tools")) && images > 0;
  }

  /** Whether the machine can start from an image that unlocks; when not, says why. */
  boolean possible(Encryption encryption, Findings.Builder out) {
    if (made() || encryption.policy().isEmpty()) {
      return true;
    }
    out.error(
        builder.isEmpty()
            ? "nothing makes an initramfs on it"
            : builder.get().equals("dracut")
                ? "its initramfs is made by dracut"
                : "there is no initramfs in /boot for a kernel that is installed",
        "The disk is unlocked in an initramfs of initramfs-tools: install initramfs-tools and"
            + " cryptsetup-initramfs, restart the machine and run the goal again.");
    return false;
  }

  /**
   * Plans the files of {@link ReencryptionEnd}. They are there before anything makes images, so
   * that a first run need not make them once more.
   */
  void planFiles(Findings.Builder out) {
    if (!made()) {
      out.warning(
          "nothing mends a header whose re-encryption a power cut interrupts at its very end",
          "It takes an initramfs of initramfs-tools. Otherwise see docs/recovery.md, if that should ever be.");
      return;
    }
    if (ends()) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    // The note goes first: whatever interrupts this, the images are looked into then.
    steps.add(Step.shell("rm -f " + CHECKED));
    steps.addAll(EndScript.files());
    out.change(
        Stage.SYSTEM,
        end.isEmpty() ? Action.CREATE : Action.UPDATE,
        "reencryption-end",
        end.isEmpty() ? "" : "of another version of workr",
        "in the initramfs, ends a re-encryption that a power cut interrupted at its very end",
        steps.toArray(Step[]::new));
  }

  /** Plans to have everything in the images. */
  void plan(Encryption encryption, boolean packagesMissing, Findings.Builder out) {
    if (!made() || (unchecked.isEmpty() && !packagesMissing && ends())) {
      return;
    }
    String clevis =
        "bin/clevis bin/clevis-decrypt bin/clevis-decrypt-sss bin/clevis-decrypt-tang bin/jose"
            + " bin/curl scripts/local-top/clevis"
            + (encryption.chip() ? " bin/clevis-decrypt-tpm2 bin/tpm2_unseal" : "");
    String parts = (encryption.policy().isEmpty() ? "" : clevis + " ") + EndScript.PARTS;
    out.change(
        Stage.IMAGE,
        Action.UPDATE,
        "initramfs",
        !unchecked.isEmpty()
            ? "not looked into: " + String.join(", ", unchecked)
            : packagesMissing ? "without Clevis" : "without the end of a re-encryption",
        encryption.policy().isEmpty() ? "ends an interrupted re-encryption" : "unlocks the disk",
        Step.shell(CHECK.replace("PARTS", parts)));
  }

  private boolean ends() {
    return end.equals(EndScript.digest());
  }
}
