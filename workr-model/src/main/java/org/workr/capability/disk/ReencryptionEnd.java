package org.workr.capability.disk;

/**
 * The end of a re-encryption, when a power cut comes in the middle of it. All data have the new key
 * then, and cryptsetup (2.4 to 2.8, {@code reencrypt_teardown_ok}) wipes the old keyslots one after
 * the other, then the keyslot that it has worked with, and only then says in the header that it has
 * ended. In between, which takes from a moment to seconds, no passphrase opens the disk: opening
 * one that is being re-encrypted takes the old key as well, and cryptsetup neither resumes nor
 * repairs it. So workr ends it as cryptsetup was about to, in one write of each copy of the header:
 * in the initramfs, before anything asks for a passphrase, and where only the process has died.
 */
final class ReencryptionEnd {

  /**
   * What the header is to say (LUKS2 On-Disk Format Specification, section 3), from what it says,
   * which is one line without blanks. Prints it, and of each keyslot that goes and held a key the
   * offset and size of its area. Fails when the header says anything else than that all data have
   * the new key and that nothing but the end is missing.
   */
  private static final String METADATA =
      """
      function find(o, k,   n, i, c, d, q, s, found) { # the value of the member k of the object o: from..to
        n = length(o); d = 0; q = 0; found = 0
        for (i = 1; i <= n; i++) {
          c = substr(o, i, 1)
          if (q) {
            if (c == "\\\\") i++
            else if (c == "\\"") {
              q = 0
              if (d == 1 && !found && substr(o, i + 1, 1) == ":" && substr(o, s + 1, i - s - 1) == k) { found = 1; at = s; from = i + 2 }
            }
          } else if (c == "\\"") { q = 1; s = i }
          else if (c == "{" || c == "[") d++
          else if (c == "}" || c == "]") {
            if (found && d == 1) { to = i - 1; return 1 }
            d--
            if (found && d == 1) { to = i; return 1 }
          } else if (c == "," && d == 1 && found) { to = i - 1; return 1 }
        }
        return 0
      }
      function get(o, k) { return find(o, k) ? substr(o, from, to - from + 1) : "" }
      function put(o, k, v) { return find(o, k) ? substr(o, 1, from - 1) v substr(o, to + 1) : o }
      function del(o, k,   a, b) {
        if (!find(o, k)) return o
        a = substr(o, 1, at - 1); b = substr(o, to + 1)
        if (substr(b, 1, 1) == ",") b = substr(b, 2)
        else sub(/,$/, "", a)
        return a b
      }
      function no(why) { print why >"/dev/stderr"; failed = 1; exit 1 }
      NR == 1 {
        config = get($0, "config")
        if (get(config, "requirements") !~ /^[{]"mandatory":\\["online-reencrypt[a-z0-9-]*"\\][}]$/) no("it requires something else")
        segments = get($0, "segments"); digests = get($0, "digests"); keyslots = get($0, "keyslots"); tokens = get($0, "tokens")
        data = ""; final = ""; previous = ""
        for (n = 0; n < 64; n++) {
          if ((s = get(segments, n)) == "") continue
          flags = get(s, "flags")
          if (flags ~ /"backup-final"/) final = n
          if (flags ~ /"backup-previous"/) previous = n
          if (flags ~ /"backup-moved-segment"/) no("data are moved")
          if (flags ~ /"backup-/) { segments = del(segments, n); continue }
          if (flags != "" || data != "" || get(s, "type") != "\\"crypt\\"") no("data have the old key")
          data = n
        }
        if (data == "" || final == "" || previous == "") no("its segments are others")
        work = ""
        for (n = 0; n < 64; n++) {
          if ((s = get(keyslots, n)) == "" || get(s, "type") != "\\"reencrypt\\"") continue
          if (work != "" || get(s, "mode") != "\\"reencrypt\\"") no("it is another work")
          work = n
        }
        if (work == "") no("there is no keyslot of the work")
        keep = ""
        for (n = 0; n < 64; n++) {
          if ((d = get(digests, n)) == "") continue
          of = get(d, "segments"); with = get(d, "keyslots")
          if (of ~ ("\\"" data "\\"") && of ~ ("\\"" final "\\"")) {
            if (of ~ ("\\"" previous "\\"") || keep != "") no("the key stays")
            keep = with
            digests = put(digests, n, put(d, "segments", "[\\"" data "\\"]"))
          } else if (of ~ ("\\"" previous "\\"")) { old = with; digests = del(digests, n) }
          else if (of != "[]") no("a digest has other segments")
          else if (with == "[\\"" work "\\"]") digests = del(digests, n)
        }
        if (keep !~ /"[0-9]/) no("no keyslot has the new key")
        for (n = 0; n < 64; n++) {
          # Those of others, which open nothing, stay as they are.
          if ((s = get(keyslots, n)) == "" || n != work && old !~ ("\\"" n "\\"")) continue
          if (keep ~ ("\\"" n "\\"")) no("a keyslot has both keys")
          gone[n] = 1
          if (get(s, "type") == "\\"luks2\\"") { area = get(s, "area"); wipe = wipe get(area, "offset") " " get(area, "size") "\\n" }
          keyslots = del(keyslots, n)
        }
        for (n = 0; n < 64; n++) {
          if ((t = get(tokens, n)) == "") continue
          of = get(t, "keyslots")
          for (s in gone) { gsub("\\"" s "\\",", "", of); gsub(",?\\"" s "\\"", "", of) }
          tokens = put(tokens, n, put(t, "keyslots", of))
        }
        new = put(put(put(put($0, "keyslots", keyslots), "tokens", tokens), "segments", segments), "digests", digests)
        print put(new, "config", del(config, "requirements"))
        gsub(/"/, "", wipe)
        printf "%s", wipe
      }
      END { if (failed || NR == 0) exit 1 }
      """;

  /**
   * A shell function for the host and for its initramfs: B is the folder of the programs that it
   * takes, with a slash, or empty.
   */
  static final String FUNCTION =
      """
      B=${B-}
      binary() { # VALUE: as eight bytes, the highest first
        "${B}awk" -v v="$1" 'BEGIN { for (i = 7; i >= 0; i--) { b[i] = v % 256; v = int(v / 256) } for (i = 0; i < 8; i++) printf "\\\\%03o", b[i] }'
      }
      checksum() { # FILE: that of a header whose place for it is empty, as printf(1) takes it
        "${B}sha256sum" "$1" | "${B}awk" '{ h = "0123456789abcdef"
          for (i = 1; i < 64; i += 2) printf "\\\\%03o", (index(h, substr($1, i, 1)) - 1) * 16 + index(h, substr($1, i + 1, 1)) - 1 }'
      }
      digest() { "${B}sha256sum" <"$1" | "${B}awk" '{print $1}'; }
      no_checksum() { "${B}dd" if=/dev/zero of="$1" bs=64 seek=7 count=1 conv=notrunc 2>/dev/null; }
      end_reencryption() { # DEVICE FOLDER: a folder in memory; fails, and has changed nothing, where there is nothing to end
        [ "$("${B}od" -An -v -tx1 -N8 "$1" | "${B}tr" -d ' \\n')" = 4c554b53babe0002 ] || return 1
        set -- "$1" "$2" $("${B}od" -An -v -tu1 -j8 -N16 "$1" | "${B}awk" '{ for (i = 1; i <= NF; i++) v[++n] = $i }
          END { for (i = 1; i <= 8; i++) { s = s * 256 + v[i]; q = q * 256 + v[i + 8] } printf "%d %.0f", s, q }')
        case $3 in 16384|32768|65536|131072|262144|524288|1048576|2097152|4194304) ;; *) return 1 ;; esac
        # Two copies, of which each must be what its checksum says, and both must say the same.
        for copy in 0 1; do
          "${B}dd" if="$1" of="$2/was$copy" bs="$3" skip="$copy" count=1 2>/dev/null || return 1
          "${B}od" -An -v -tx1 -j448 -N64 "$2/was$copy" | "${B}tr" -d ' \\n' >"$2/stored"
          "${B}dd" if="$2/was$copy" of="$2/new$copy" bs="$3" 2>/dev/null
          no_checksum "$2/new$copy"
          [ "$(digest "$2/new$copy")" = "$("${B}dd" if="$2/stored" bs=64 count=1 2>/dev/null)" ] || return 1
          "${B}dd" if="$2/was$copy" bs=4096 skip=1 2>/dev/null | "${B}tr" -d '\\0' >"$2/json$copy"
        done
        [ "$(digest "$2/json0")" = "$(digest "$2/json1")" ] || return 1
        { "${B}tr" -d '\\n' <"$2/json0"; echo; } | "${B}awk" "$METADATA" >"$2/metadata" 2>"$2/why" || return 1
        IFS= read -r json <"$2/metadata"
        [ "${#json}" -gt 100 ] && [ "${#json}" -lt $(($3 - 4096)) ] || return 1
        for copy in 0 1; do
          "${B}dd" if=/dev/zero of="$2/new$copy" bs="$3" count=1 2>/dev/null
          "${B}dd" if="$2/was$copy" of="$2/new$copy" bs=4096 count=1 conv=notrunc 2>/dev/null
          printf "$(binary $(($4 + 1)))" | "${B}dd" of="$2/new$copy" bs=8 seek=2 conv=notrunc 2>/dev/null
          no_checksum "$2/new$copy"
          printf %s "$json" >"$2/json"
          "${B}dd" if="$2/json" of="$2/new$copy" bs=4096 seek=1 conv=notrunc 2>/dev/null
          printf "$(checksum "$2/new$copy")" >"$2/sum"
          "${B}dd" if="$2/sum" of="$2/new$copy" bs=64 seek=7 conv=notrunc 2>/dev/null
        done
        # Nothing may have gone wrong until here, for want of room for example: each is read again, and compared.
        for copy in 0 1; do
          "${B}od" -An -v -tx1 -j448 -N64 "$2/new$copy" | "${B}tr" -d ' \\n' >"$2/stored"
          "${B}dd" if="$2/new$copy" of="$2/check" bs="$3" 2>/dev/null
          no_checksum "$2/check"
          [ "$(digest "$2/check")" = "$("${B}dd" if="$2/stored" bs=64 count=1 2>/dev/null)" ] || return 1
          [ "$("${B}od" -An -v -tx1 "$2/new$copy" | "${B}awk" '{n += NF} END {print n + 0}')" -eq "$3" ] || return 1
          [ "$("${B}dd" if="$2/new$copy" bs=4096 skip=1 2>/dev/null | "${B}tr" -d '\\0')" = "$json" ] || return 1
          # The binary header is the one that was there, but for the number of the write and the checksum.
          "${B}dd" if="$2/was$copy" of="$2/one" bs=4096 count=1 2>/dev/null
          "${B}dd" if="$2/new$copy" of="$2/other" bs=4096 count=1 2>/dev/null
          for part in one other; do
            "${B}dd" if=/dev/zero of="$2/$part" bs=8 seek=2 count=1 conv=notrunc 2>/dev/null
            no_checksum "$2/$part"
          done
          [ "$(digest "$2/one")" = "$(digest "$2/other")" ] || return 1
          [ "$("${B}od" -An -v -tu1 -j16 -N8 "$2/new$copy" | "${B}awk" '{ for (i = 1; i <= NF; i++) q = q * 256 + $i } END { printf "%.0f", q }')" = "$(($4 + 1))" ] || return 1
        done
        # The keyslots of the old key, which opens older images of the disk; cryptsetup wipes them first, too.
        while read -r offset size; do
          case $offset$size in *[!0-9]* | '') continue ;; esac
          "${B}dd" if=/dev/urandom of="$1" bs=4096 seek=$((offset / 4096)) count=$((size / 4096)) conv=notrunc,fsync 2>/dev/null || :
        done <<WIPE
      $("${B}awk" 'NR > 1 && NF == 2' "$2/metadata")
      WIPE
        for copy in 0 1; do
          "${B}dd" if="$2/new$copy" of="$1" bs="$3" seek="$copy" conv=notrunc,fsync 2>/dev/null || return 1
        done
      }
      """
          .replace("\"$METADATA\"", "'" + METADATA.replace("'", "'\\''") + "'");

  /** The same on the host: ends that of D, where there is one, with the UUID U. */
  static final String HERE =
      FUNCTION
          + """
          run=/run/workr/reencrypt-$U
          mkdir -p -m 0700 /run/workr
          rm -rf "$run-end"
          mkdir -m 0700 "$run-end"
          ! end_reencryption "$D" "$run-end" || echo "all of $D had the new key already, and its header says so now"
          rm -rf "$run-end"
          """;

  /** Ends that of a closed device, which nothing can open before. */
  static final String CLOSED =
      """
      reencrypting || exit 0
      """
          + HERE
          + """
      ! reencrypting || die "the end of the re-encryption of $D could not be written, or its header is not as it would be then: see docs/recovery.md"
      """;

  /** Whether the metadata on stdin say so, without a blank in them. */
  static final String MISSING = "awk '" + METADATA + "' >/dev/null 2>&1";

  private ReencryptionEnd() {}
}
