package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.workr.plan.Step;

/** The script in the initramfs that ends what {@link ReencryptionEnd} tells of. */
final class EndScript {
  private static final String HOOK_PATH = "/etc/initramfs-tools/hooks/workr-disk";
  static final String SCRIPT_PATH = "/etc/initramfs-tools/scripts/local-top/workr-disk";

  /** What makes an initramfs (initramfs-tools(7)) take these programs along. */
  static final String HOOK =
      """
      #!/bin/sh
      # Written by workr: the programs of scripts/local-top/workr-disk.
      [ "${1-}" != prereqs ] || exit 0
      . /usr/share/initramfs-tools/hook-functions
      for program in awk dd od sha256sum tr; do
        copy_exec "$(readlink -f "$(command -v "$program")")" "/usr/lib/workr/$program"
      done
      # Disks that are opened later may have been interrupted too.
      mkdir -p "$DESTDIR/usr/lib/workr"
      [ ! -e /etc/crypttab ] || cp /etc/crypttab "$DESTDIR/usr/lib/workr/crypttab"
      """;

  /**
   * Runs before that of cryptsetup, which wants all others to run before it, and so before anything
   * asks for a passphrase.
   */
  static final String SCRIPT =
      """
      #!/bin/sh
      # Written by workr. When a power cut has interrupted the very end of a re-encryption, no passphrase opens the disk any more,
      # though all of it has the new key. Then this ends it, as cryptsetup was about to.
      [ "${1-}" != prereqs ] || exit 0
      B=/usr/lib/workr/
      """
          + ReencryptionEnd.FUNCTION
          + """
      folder=/run/workr-disk
      mend() { # SECONDS to wait for each; crypttab(5) is the input
        # The last line may have no end.
        while read -r name source rest || [ -n "$name" ]; do
          case $name in '#'*) continue ;; esac
          case $source in
            UUID=*) device=/dev/disk/by-uuid/${source#UUID=} ;;
            LABEL=*) device=/dev/disk/by-label/${source#LABEL=} ;;
            PARTUUID=*) device=/dev/disk/by-partuuid/${source#PARTUUID=} ;;
            PARTLABEL=*) device=/dev/disk/by-partlabel/${source#PARTLABEL=} ;;
            ID=*) device=/dev/disk/by-id/${source#ID=} ;;
            /dev/mapper/*) continue ;; # comes later
            /dev/*) device=$source ;;
            *) continue ;;
          esac
          n=0
          while [ ! -e "$device" ] && [ "$n" -lt "$1" ]; do
            sleep 1
            n=$((n + 1))
          done
          # It also mends a header of which only one copy was written.
          case $(cryptsetup luksDump "$device" 2>/dev/null) in
            *online-reencrypt*) ;;
            *) continue ;;
          esac
          mkdir -p "$folder"
          ! end_reencryption "$device" "$folder" ||
            echo "workr: ended the re-encryption of $device, the end of which had been interrupted" >/dev/kmsg
          rm -rf "$folder"
        done
      }
      # First what is opened here, then what is opened later, for which nobody waits.
      [ ! -r /cryptroot/crypttab ] || mend 5 </cryptroot/crypttab
      [ ! -r /usr/lib/workr/crypttab ] || mend 0 </usr/lib/workr/crypttab
      exit 0
      """;

  /** What the images must hold for it. */
  static final String PARTS = "scripts/local-top/workr-disk usr/lib/workr/awk";

  /** Shell that prints a digest of the files that make it part of the images, {@code -} without. */
  static final String PRESENT =
      "if [ -e SCRIPT ]; then cat HOOK SCRIPT 2>/dev/null | sha256sum | cut -c 1-16; else echo -; fi"
          .replace("HOOK", HOOK_PATH)
          .replace("SCRIPT", SCRIPT_PATH);

  private EndScript() {}

  /** What {@link #PRESENT} prints when they are as they are to be. */
  static String digest() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest((HOOK + SCRIPT).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the files that make it part of the images. */
  static List<Step> files() {
    return List.of(Step.file(HOOK_PATH, HOOK, "0755"), Step.file(SCRIPT_PATH, SCRIPT, "0755"));
  }
}
