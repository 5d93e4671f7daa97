# shellcheck shell=bash
# Checks of RStudio for src-it/e2e/container, which has the functions and variables that they use.
# shellcheck disable=SC2154,SC2016

asked() { # URL NAME [PASSWORD-FILE]: signs in at a page, and prints the answer, where it sends to, and its cookie
  "$lab" run python3 - "$1" "$2" "${3-}" "$target/page.pem" <<'PY'
import http.client, os, ssl, sys, urllib.parse
url, name, file, trusted = sys.argv[1:]
parts = urllib.parse.urlsplit(url)
if parts.scheme == "https":
    context = ssl.create_default_context(cafile=trusted)
    page = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=60, context=context)
else:
    page = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
password = open(file).read().strip() if file else "wrong"
page.request("GET", "/")
print(page.getresponse().getheader("Location"))
page.close()
page.request("POST", "/auth-do-sign-in", "username=%s&password=%s" % (name, password))
answer = page.getresponse()
print(answer.status, answer.getheader("Location"), answer.getheader("Set-Cookie"))
PY
}
its_password() { (umask 077 && analyst "$1" 'cat /etc/ssh/workr/rstudio/password' >"$work/password-$1") && [ "$(wc -c <"$work/password-$1")" -eq 25 ]; }
no_page() { # in the image: what runs is left alone
  page='<rstudio><port>8787</port></rstudio>' pom
  local before
  before=$(started_at)
  ! deploy >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep -E 'ERROR|workr[12] ' "$work/said"
  grep -q 'there is no RStudio Server in the image' "$work/said" && [ "$before" = "$(started_at)" ]
}
paged() { # through SSH, with a password of its own on each worker
  page='<rstudio><port>8787</port></rstudio>' pom
  deploy -Dworkr.updateLock=true -De2e.image=registry.lab:5000/workr/page:1 >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  goal workr:emit-r-cluster >/dev/null && grep -A4 '^## RStudio' "$target/r-cluster/README.md" && its_password workr1 && its_password workr2 || return 1
  ! cmp -s "$work/password-workr1" "$work/password-workr2" && ! grep -rqlF -f "$work/password-workr1" "$target" || return 1
  signed_in
}
tunnel() { # COMMAND...: while there is one to workr1
  "$lab" run ssh -F "$target/r-cluster/ssh_config" -o UserKnownHostsFile="$target/r-cluster/known_hosts" -i "$target/analyst" -N -L 8787:localhost:8787 workr1 &
  local tunnel=$! code
  sleep 8
  "$@"
  code=$?
  kill "$tunnel"
  wait "$tunnel" 2>/dev/null
  return "$code"
}
signed_in() {
  tunnel asked http://localhost:8787 rstudio "$work/password-workr1" >"$work/right"
  tunnel asked http://localhost:8787 rstudio >"$work/wrong"
  tunnel asked http://localhost:8787 root "$work/password-workr1" >"$work/other"
  cat "$work/right" "$work/wrong" "$work/other"
  printf 'http://localhost:8787/auth-sign-in\n302 http://localhost:8787/ user-id=x; HttpOnly\n' | cmp - "$work/right" &&
    grep -q '^401 ' "$work/wrong" && grep -q '^401 ' "$work/other"
}
page_inside() { # nobody else reaches it, and it may do nothing
  open_ports workr1 | tee "$work/open"
  ! grep -qw 8787 "$work/open" || return 1
  ! "$lab" run ssh -F "$target/r-cluster/ssh_config" -o UserKnownHostsFile="$target/r-cluster/known_hosts" -i "$target/analyst" -W 10.77.0.1:53 workr1 </dev/null || return 1
  as_root workr1 'docker inspect workr-rstudio' >"$work/inspected"
  jq -e '.[0] | (.HostConfig | .ReadonlyRootfs and (.CapDrop == ["ALL"]) and (.CapAdd | length == 0) and (.SecurityOpt | index("no-new-privileges") != null)
    and (.PortBindings // {} | length == 0) and .Memory == 1073741824) and .Config.User == "rstudio"' "$work/inspected" &&
    ! grep -qF -f "$work/password-workr1" "$work/inspected"
}
page_stays() { # once more nothing; it comes back when it or the other container ends; what is in its home stays
  nothing_more_with -De2e.image=registry.lab:5000/workr/page:1 || return 1
  as_root workr1 'grep -q "R version" /var/lib/workr/rstudio-home/session; docker kill workr-rstudio; sleep 1; n=0; until docker top workr-rstudio; do n=$((n+1)); [ "$n" -lt 60 ]; sleep 2; done' && signed_in || return 1
  as_root workr1 'docker kill workr-r; sleep 3; n=0; until docker top workr-r >/dev/null && docker top workr-rstudio; do n=$((n+1)); [ "$n" -lt 60 ]; sleep 2; done; sleep 5' && reachable workr1 && signed_in &&
    as_root workr1 'test -s /var/lib/workr/rstudio-home/session'
  goal workr:status >"$work/said" 2>&1
  grep 'RStudio' "$work/said" && grep -qE 'RStudio +through SSH, port 8787, 1 sessions' "$work/said"
}
encrypted() { # at the host's address, with a certificate; a key that is not its is refused
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 30 -subj /CN=page -addext 'subjectAltName=IP:10.77.0.21,IP:10.77.0.22' \
    -keyout "$target/page.key" -out "$target/page.pem" 2>/dev/null && openssl genpkey -algorithm ed25519 -out "$work/other.key" || return 1
  page="<rstudio><address>host</address><certificates><certificate>$(tr '\n' ' ' <"$target/page.pem")</certificate></certificates></rstudio>" pom
  ! pageKey=$work/other.key deploy -Dworkr.updateLock=true -De2e.image=registry.lab:5000/workr/page:1 >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep -E 'ERROR|workr[12] ' "$work/said"
  grep -q 'the certificate and the secret rlab.rstudio cannot be used: they do not go together' "$work/said" || return 1
  deploy -De2e.image=registry.lab:5000/workr/page:1 >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  its_password workr1 || return 1
  asked https://10.77.0.21:8787 rstudio "$work/password-workr1" | tee "$work/right"
  printf 'https://10.77.0.21:8787/auth-sign-in\n302 https://10.77.0.21:8787/ user-id=x; HttpOnly; Secure\n' | cmp - "$work/right" || return 1
  asked https://10.77.0.22:8787 rstudio "$work/password-workr1" | tail -n 1 | grep '^401' || return 1
  ! grep -rlF -f <(sed -n 2p "$target/page.key") "$target/workr" && nothing_more_with -De2e.image=registry.lab:5000/workr/page:1
}
build_goes_on() { # Maven dies while an image is made: the same goal waits for that one
  page='' pom
  (deploy -Dworkr.updateLock=true >"$work/killed" 2>&1) &
  local maven name end=$((SECONDS + 600))
  until as_root workr1 'systemctl is-active workr-image || :' | grep -qx active; do ((SECONDS < end)) || return 1; done
  name=$(as_root workr1 'cut -d" " -f1 /var/lib/workr/image/name')
  for maven in $(pgrep -f "De2e.directory=$target .*workr.updateLock=true"); do kill -KILL "$maven"; done
  wait
  as_root workr1 'systemctl is-active workr-image' || return 1
  deploy -Dworkr.updateLock=true >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  grep 'container.image' "$work/said"
  grep -q 'an earlier run has begun it' "$work/said" && [ "$(sed -n 's/^build //p' "$lock")" = "$name" ] && same_bits
}
page_gone() { # the files of analysts are not
  page='' pom
  deploy >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
  as_root workr1 'test -s /var/lib/workr/rstudio-home/session; ! test -e /etc/workr/container/rstudio; ! systemctl is-active workr-rstudio; ! docker inspect workr-rstudio 2>/dev/null; ! docker inspect workr-tls 2>/dev/null' &&
    [ "$(open_ports workr1 | grep -cw 8787)" = 0 ] && nothing_more
}
