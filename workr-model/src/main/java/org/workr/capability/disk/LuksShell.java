package org.workr.capability.disk;

/**
 * Shell functions about one LUKS device, for root. Secrets are read from stdin into variables and
 * reach cryptsetup and clevis through pipes from {@code printf}, which is built into sh: never as
 * arguments, in the environment or in a file.
 */
final class LuksShell {

  /** A shell function that prints keyslots with data, in ascending order. */
  static final String SLOTS =
      """
      slots() {
        cryptsetup luksDump "$D" |
          awk '/^Keyslots:/ {on = 1; next} /^[^ \\t]/ {on = 0} on && $2 == "luks2" && NF == 2 {print $1 + 0}'
      }
      """;

  /**
   * A shell function that prints of each token number, type and keyslot, or - where it has none.
   */
  static final String TOKENS =
      """
      tokens() {
        cryptsetup luksDump "$D" | awk '
          function flush() { if (type != "" && !seen) print id, type, "-" }
          /^Tokens:/ {on = 1; next}
          /^[^ \\t]/ {on = 0}
          on && /^  [0-9]+: / {flush(); id = $1 + 0; type = $2; seen = 0; next}
          on && $1 == "Keyslot:" {print id, type, $2; seen = 1}
          END {flush()}'
      }
      """;

  /**
   * The metadata of a device that is being re-encrypted, without the lock that cryptsetup takes to
   * read them: a reader that has it and waits for the disk stops the re-encryption, which waits for
   * the lock and has suspended the disk. Read until they are the same twice, as they may be written
   * meanwhile (LUKS2 On-Disk Format Specification, section 2.2: they follow the binary header of
   * 4096 bytes and end with a zero).
   */
  static final String UNLOCKED_METADATA =
      """
      unlocked_metadata() { # DEVICE
        last=
        for n in 1 2 3 4 5; do
          now=$(dd if="$1" bs=4096 skip=1 count=1023 2>/dev/null | tr '\\0' '\\n' | head -n 1)
          [ "$now" != "$last" ] || break
          last=$now
        done
        printf %s "$now" | tr -d ' \\n\\t'
      }
      """;

  /** Whether a re-encryption was begun and has not ended. */
  static final String REENCRYPTING =
      """
      reencrypting() { cryptsetup luksDump "$D" | grep '^Requirements:.*reencrypt' >/dev/null; }
      """;

  /**
   * Whether what is on stdin opens the device. Without tokens, of which one that opens by itself
   * would answer for every passphrase. Needs {@link #REENCRYPTING}.
   */
  static final String TEST_OPEN =
      """
      in_one_write() { cryptsetup --help | grep -e --token-replace >/dev/null; } # since 2.5
      test_open() { # OPTION...
        if [ "$#" -eq 0 ] && ! in_one_write && reencrypting; then
          # There --test-passphrase fails while a disk is re-encrypted (cryptsetup issue 716). This asks for the same, and
          # prints the key to where nobody is.
          cryptsetup luksDump --dump-master-key -q --disable-external-tokens --key-file - "$D" >/dev/null 2>&1
        else
          cryptsetup open --test-passphrase --token-type none --disable-external-tokens "$@" --key-file - "$D" >/dev/null 2>&1
        fi
      }
      """;

  /**
   * Takes the names of secrets from whoever had them in the environment of root: a shell that
   * assigns to a variable that is exported exports the secret to all that it calls.
   */
  static final String UNEXPORTED =
      """
      unset P C K OLD NEW PENDING OWN CURRENT lines
      """;

  static final String LIBRARY =
      """
      umask 077
      U=UUID
      D=$(readlink -e "/dev/disk/by-uuid/$U") || { echo "there is no device with the LUKS UUID $U" >&2; exit 1; }
      """
          + UNEXPORTED
          + """
      die() { echo "$*" >&2; exit 1; }
      [ "$(lsblk -nrpo NAME,UUID | sort -u | awk -v uuid="$U" '$2 == uuid' | wc -l)" -eq 1 ] ||
        die "not one device has the LUKS UUID $U, as lsblk says, but: $(lsblk -nrpo NAME,UUID | sort -u | awk -v uuid="$U" '$2 == uuid {print $1}' | tr '\\n' ' ')"
      """
          + SLOTS
          + TOKENS
          + REENCRYPTING
          + TEST_OPEN
          + """
            opens() { printf %s "$1" | test_open --key-slot "$2"; }
            opens_any() { printf %s "$1" | test_open; }
            slots_of() { for s in $(slots); do if opens "$1" "$s"; then echo "$s"; fi; done; }
            bound_by_clevis() { tokens | grep "^[0-9]* clevis $1\\$" >/dev/null; }
            # SLOT: what its binding gives, or else the passphrase P. Not by "clevis luks pass", which tries it on all keyslots.
            secret_of() {
              id=$(tokens | awk -v slot="$1" '$2 == "clevis" && $3 == slot {print $1; exit}')
              if [ -n "$id" ] && jwe=$(cryptsetup token export --token-id "$id" "$D" | jose fmt -j- -Og jwe -o-) &&
                C=$(printf %s "$jwe" | jose jwe fmt -i- -c | clevis decrypt) && [ -n "$C" ]; then printf %s "$C"; else printf %s "$P"; fi
            }
            openers() { # that of each keyslot, a line each in their order; what should open it is tried first, as every trial takes seconds
              known=
              for s in $(slots); do
                C=$(secret_of "$s")
                [ "$C" = "$P" ] || opens "$C" "$s" || C=$P
                if [ "$C" = "$P" ] && ! opens "$P" "$s"; then
                  opens_any "$P" || die "the passphrase does not open $D${otherwise-}"
                  die "keyslot $s of $D opens neither by the passphrase nor by its binding${otherwise-}. If its TPM or a server has changed, bind it anew first: mvn workr:rekey -Dworkr.rekey=binding"
                fi
                [ "$C" != "$P" ] || known=yes
                printf '%s\\n' "$C"
              done
              [ -n "$known" ] || die "the passphrase does not open $D${otherwise-}"
            }
            machine() { printf '%s %s\\n' "$(cat /etc/machine-id)" "$U" | sha256sum | cut -c1-16; }
            all_slots() { cryptsetup luksDump "$D" | sed -n '/^Keyslots:/,/^[^ \\t]*:$/s/^  \\([0-9]*\\): .*/\\1/p' | sort -nu; }
            metadata() { cryptsetup luksDump --dump-json-metadata "$D" | tr -d ' \\n\\t'; }
            # The salt of the digest that belongs to data; of two the new one, which is the last.
            volume_key() { metadata | tr -d '\\\\' | grep -o '"segments":\\["[^}]*"salt":"[^"]*"' | sed 's/.*"salt":"//; s/"$//' | tail -n 1; }
            free_token() { # ABOVE: the lowest number above it that no token has
              t=$(($1 + 1))
              while tokens | grep "^$t " >/dev/null; do t=$((t + 1)); done
              [ "$t" -lt 32 ] || die "the header of $D has no number left for a token"
              echo "$t"
            }
            import_token() { printf %s "$2" | cryptsetup token import --token-id "$1" --json-file - "$D"; } # ID JSON
            put_token() { # ID JSON: instead of what has this number
              if in_one_write; then
                printf %s "$2" | cryptsetup token import --token-id "$1" --token-replace --json-file - "$D"
              else
                cryptsetup token remove --token-id "$1" "$D"
                import_token "$1" "$2"
              fi
            }
            replace_token() { # ID JSON: the same for a token without which the machine does not start by itself
              copy=
              # Where that takes two writes there is another one meanwhile, if the header has room for it.
              in_one_write || { copy=$(free_token "$1") && import_token "$copy" "$2"; } 2>/dev/null || copy=
              put_token "$1" "$2"
              [ -z "$copy" ] || cryptsetup token remove --token-id "$copy" "$D"
            }
            tokens_of() { tokens | awk -v type="$1" '$2 == type {print $1}' | sort -nu; }
            forget() { # TYPE
              for t in $(tokens_of "$1"); do cryptsetup token remove --token-id "$t" "$D"; done
            }
            # Of the tokens that name a keyslot Clevis looks only at the one with the lowest number, so that has to be its own.
            note() { # TYPE SLOT SINCE MEMBERS
              note=$(printf '{"type":"%s","keyslots":[%s],"machine":"%s","since":"%s"%s}' "$1" "${2:+\\"$2\\"}" "$(machine)" "$3" "$4")
              above=$(tokens | awk -v slot="$2" '$2 == "clevis" && $3 == slot {print $1; exit}')
              above=${above:--1} noted=$(tokens_of "$1") put=
              for t in $noted; do
                [ -z "$put" ] && [ "$t" -gt "$above" ] || continue
                put_token "$t" "$note"
                put=$t
              done
              if [ -z "$put" ]; then
                free=$(free_token "$above")
                import_token "$free" "$note"
              fi
              for t in $noted; do
                [ "$t" = "$put" ] || cryptsetup token remove --token-id "$t" "$D"
              done
            }
            """;

  private LuksShell() {}

  /** A script about the device with this UUID. */
  static String script(String uuid, String body) {
    return LIBRARY.replace("U=UUID", "U=" + uuid) + body;
  }
}
