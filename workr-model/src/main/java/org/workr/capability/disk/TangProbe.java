package org.workr.capability.disk;

import java.util.List;
import java.util.stream.Collectors;
import org.workr.render.Shell;
import org.workr.value.HttpUrl;

/**
 * The shell text that asks Tang servers for their keys: of each what it answers, and a line with
 * the status of curl(1).
 *
 * <p>A server is asked for the advertisement that a key signs which is pinned, or that the host is
 * bound to: it gives that even when that key has been rotated away, and any other without it.
 *
 * <p>A fresh clone may be without curl, which comes with Clevis. That a server is down or another
 * one has to be known before the first change, so bash asks instead, which every Debian and Ubuntu
 * has; by http only, but Tang needs no more.
 */
final class TangProbe {

  private static final String CURL =
      """
      get() { # URL
        curl -sf --noproxy '*' --connect-timeout 3 --max-time 6 --max-filesize 65536 -w '\\n= %{exitcode}\\n' "$1"
      }
      """;

  /** Tang leaves the connection open, so its end does not tell where the answer ends. */
  private static final String BASH =
      """
      get() { # URL HOST PORT
        body=$(timeout 6 bash -c '
          getent ahosts "$0" >/dev/null || exit 6
          exec 2>/dev/null 3<>"/dev/tcp/$0/$1" || exit 7
          printf "GET /%s HTTP/1.0\\r\\nHost: %s:%s\\r\\n\\r\\n" "$2" "$0" "$1" >&3
          IFS= read -r -u 3 line || exit 52
          case $line in HTTP/1.?" "2*) ;; HTTP/1.*) exit 22 ;; *) exit 8 ;; esac
          length=
          cr=$(printf "\\r")
          while IFS= read -r -u 3 line && line=${line%"$cr"} && [ -n "$line" ]; do
            case ${line,,} in content-length:*) length=${line#*:}; length=${length// /} ;; esac
          done
          [ "${length:-0}" -le 65536 ] || exit 63
          LC_ALL=C
          body=$(head -c "${length:-65536}" <&3; echo .)
          body=${body%.}
          [ "${#body}" -ge "${length:-0}" ] || exit 18
          printf %s "$body"
        ' "$2" "$3" "${1#http://*/}")
        code=$?
        case $code in 1) code=7 ;; 124) code=28 ;; esac
        printf '%s\\n= %s\\n' "$body" "$code"
      }
      """;

  /** The keys of a binding stand in headers in headers, each in base64url. */
  private static final String BOUND =
      LuksShell.UNLOCKED_METADATA
          + """
          thumbprint() { # of a JWK on stdin (RFC 7638), of the type EC
            sed 's/.*"crv":"\\([^"]*\\)".*"x":"\\([^"]*\\)".*"y":"\\([^"]*\\)".*/{"crv":"\\1","kty":"EC","x":"\\2","y":"\\3"}/' |
              tr -d '\\n' | sha256sum | awk '{
                letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                for (i = 1; i <= 64; i++) {
                  value = value * 16 + index("0123456789abcdef", substr($1, i, 1)) - 1
                  bits += 4
                  if (bits >= 6) {
                    bits -= 6
                    digit = int(value / 2 ^ bits)
                    value -= digit * 2 ^ bits
                    text = text substr(letters, digit + 1, 1)
                  }
                }
                print text substr(letters, value * 2 ^ (6 - bits) + 1, 1)
              }'
          }
          pins() { # HEADER: of each server in it the URL and a thumbprint
            header=$(printf '%s==' "$1" | tr _- /+ | base64 -d 2>/dev/null)
            case $header in
              *'"pin":"sss"'*)
                for inner in $(printf %s "$header" | grep -o '"eyJ[A-Za-z0-9_-]*\\.' | tr -d '".'); do pins "$inner"; done
                ;;
              *'"pin":"tang"'*)
                url=$(printf %s "$header" | sed 's/.*"url":"\\([^"]*\\)".*/\\1/')
                printf '%s\\n' "$header" | grep -o '{[^{}]*"verify"[^{}]*}' | while read -r key; do
                  printf '%s %s\\n' "$url" "$(printf %s "$key" | thumbprint)"
                done
                ;;
            esac
          }
          bound=$(lsblk -nrpo NAME,FSTYPE | awk '$2 == "crypto_LUKS" {print $1}' | sort -u | while read -r device; do
            for header in $(unlocked_metadata "$device" | grep -o '"protected":"[^"]*"' | cut -d'"' -f4); do pins "$header"; done
          done)
          ask() { # URL HOST PORT: with a key that is bound, so that it vouches for a successor
            for key in $(printf '%s\\n' "$bound" | awk -v url="$1" '{sub("/+$", "", $1)} $1 == url {print $2}' | sort -u); do
              answer=$(get "$1/adv/$key" "$2" "$3")
              [ "${answer##*= }" != 22 ] || continue
              printf '%s\\n' "$answer"
              return
            done
            get "$1/adv" "$2" "$3"
          }
          """;

  private TangProbe() {}

  static String of(List<Pin.Tang> servers) {
    boolean plain = servers.stream().noneMatch(tang -> tang.url().isEncrypted());
    boolean pinned = servers.stream().allMatch(tang -> tang.thumbprint().isPresent());
    return "if command -v curl >/dev/null; then\n"
        + CURL
        + "else\n"
        + (plain ? BASH : "echo no-curl; exit 0\n")
        + "fi\n"
        + (pinned ? "" : BOUND)
        // The status of each stands in what it prints.
        + servers.stream().map(TangProbe::call).collect(Collectors.joining("\n", "", "\n:"));
  }

  private static String call(Pin.Tang tang) {
    HttpUrl url = tang.url();
    String where = " " + Shell.quote(url.host().replaceAll("[\\[\\]]", "")) + " " + url.port();
    return tang.thumbprint()
        .map(print -> "get " + Shell.quote(url + "/adv/" + print) + where)
        .orElseGet(() -> "ask " + Shell.quote(url.value()) + where);
  }
}
