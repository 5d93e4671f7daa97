package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.facts.Fact;
import org.workr.value.Host;
import org.workr.value.SecretName;

/**
 * Which of the passphrases that the controller knows opens which keyslot. Tried one after the
 * other, and no more than needed: each attempt costs what the disk's key derivation costs.
 *
 * @param slots by device and passphrase; of a device that is being re-encrypted, and of LUKS1, only
 *     that any is opened, as slot -1
 * @param untried devices that are being re-encrypted at the moment: whoever reads their headers may
 *     stop that, and with it the machine, as {@link LuksShell#UNLOCKED_METADATA} says; and those of
 *     {@link ReencryptionEnd}
 */
record Openings(Map<String, Map<Which, Set<Integer>>> slots, Set<String> untried) {

  /** A passphrase that the controller may know. */
  enum Which {
    /** The one that is to come, or has come and is not yet in use. */
    PENDING,
    /** The host's own. */
    OWN,
    /** The one before: the template's, or the host's last. */
    CURRENT;

    /** The name of the secret. */
    SecretName of(Host host) {
      SecretName own = host.secret("luks");
      return switch (this) {
        case PENDING -> own.pending();
        case OWN -> own;
        case CURRENT -> own.current();
      };
    }
  }

  /** Copies the collections. */
  Openings {
    slots = Map.copyOf(slots);
    untried = Set.copyOf(untried);
  }

  /** The fact. */
  static Fact<Openings> fact(Host host) {
    List<SecretName> names = new ArrayList<>();
    for (Which which : Which.values()) {
      names.add(which.of(host));
    }
    return Fact.withSecrets(
        "disk.openings",
        names,
        """
        %sIFS= read -r PENDING; IFS= read -r OWN; IFS= read -r CURRENT
        command -v cryptsetup >/dev/null || exit 0
        %s%s%s%s
        try() { # NAME PASSPHRASE SLOT
          [ -n "$2" ] || return 2
          printf %%s "$2" | test_open ${3:+--key-slot "$3"}
          case $? in
            0) echo "$U ${3:--1} $1"; return 0 ;;
            2) return 2 ;;
            # While a disk is re-encrypted, that is how cryptsetup says no.
            1) [ -z "$3" ] || exit 1; return 2 ;;
            *) exit 1 ;;
          esac
        }
        each() { try PENDING "$PENDING" "$1" || try OWN "$OWN" "$1" || try CURRENT "$CURRENT" "$1" || :; }
        lsblk -nrpo NAME,FSTYPE,UUID | sort -u | while read -r D type U; do
          [ "$type" = crypto_LUKS ] || continue
          case $(systemctl show -p ActiveState --value "workr-reencrypt-$U.service" 2>/dev/null) in
            active|activating|deactivating) echo "$U -1 UNTRIED"; continue ;;
          esac
          cryptsetup isLuks "$D" || continue
          U=$(cryptsetup luksUUID "$D") || exit 1
          # LUKS1 is left alone; but what opens it must not be forgotten.
          if reencrypting || ! cryptsetup isLuks --type luks2 "$D"; then
            # At the very end of a re-encryption no passphrase opens it, and it is ended all the same.
            if cryptsetup luksDump --dump-json-metadata "$D" 2>/dev/null | tr -d ' \\n\\t' | %s; then echo "$U -1 UNTRIED"; continue; fi
            try PENDING "$PENDING" '' || :; try OWN "$OWN" '' || :; try CURRENT "$CURRENT" '' || :
            continue
          fi
          clevis=" $(tokens | awk '$2 == "clevis" {print $3}' | tr '\\n' ' ')"
          for slot in $(slots); do
            case $clevis in *" $slot "*) continue ;; esac
            each "$slot"
          done
        done"""
            .formatted(
                LuksShell.UNEXPORTED,
                LuksShell.SLOTS,
                LuksShell.TOKENS,
                LuksShell.REENCRYPTING,
                LuksShell.TEST_OPEN,
                ReencryptionEnd.MISSING),
        Openings::parse);
  }

  /** The keyslots of a device that a passphrase opens. */
  Set<Integer> of(LuksDevice device, Which which) {
    return Optional.ofNullable(slots.get(device.uuid()))
        .map(known -> known.getOrDefault(which, Set.of()))
        .orElse(Set.of());
  }

  /**
   * The first passphrase that opens a device. One that is being re-encrypted has the host's own:
   * that was proven before it was begun, and is proven again when it has ended.
   */
  Optional<Which> opening(LuksDevice device) {
    if (untried.contains(device.uuid())) {
      return Optional.of(Which.OWN);
    }
    for (Which which : List.of(Which.OWN, Which.PENDING, Which.CURRENT)) {
      if (!of(device, which).isEmpty()) {
        return Optional.of(which);
      }
    }
    return Optional.empty();
  }

  /** All keyslots of a device that any of them opens. */
  Set<Integer> all(LuksDevice device) {
    Set<Integer> all = new TreeSet<>();
    for (Which which : Which.values()) {
      all.addAll(of(device, which));
    }
    return all;
  }

  /** Whether one of them opens a device, or may do so when its re-encryption has ended. */
  boolean anyMayOpen(LuksDevice device) {
    return untried.contains(device.uuid()) || !all(device).isEmpty();
  }

  private static Openings parse(String text) {
    Map<String, Map<Which, Set<Integer>>> slots = new HashMap<>();
    Set<String> untried = new TreeSet<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (line.matches("\\S+ -1 UNTRIED")) {
        untried.add(words[0]);
        continue;
      }
      if (!line.matches("\\S+ (?:-1|\\d{1,2}) (?:PENDING|OWN|CURRENT)")) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      slots
          .computeIfAbsent(words[0], uuid -> new HashMap<>())
          .computeIfAbsent(Which.valueOf(words[2]), which -> new TreeSet<>())
          .add(Integer.valueOf(words[1]));
    }
    return new Openings(slots, untried);
  }
}
