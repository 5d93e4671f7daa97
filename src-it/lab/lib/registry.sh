# shellcheck shell=bash
# A private container registry: Debian's docker-registry, with TLS by a CA of this lab's own and one login. All of it
# is in $RUN/registry; the programs are in a tree of their own, as most labs do without:
#   registry-HASH   docker-registry, skopeo, umoci, htpasswd, openssl

readonly REGISTRY_PACKAGES=docker-registry,skopeo,umoci,apache2-utils,openssl
readonly REGISTRY=$RUN/registry REGISTRY_NAME=$REGISTRY_HOST:$REGISTRY_PORT REGISTRY_USER=workr

registry_command() { # start | stop | push KIND NAME:TAG | r-packages [VERSION]
  local what=${1:-}
  (($#)) && shift
  case $what in
    start) start_registry ;;
    stop) stop registry ;;
    push) push_image "$@" ;;
    r-packages) r_packages "$@" ;;
    *) die "registry: start, stop, push or r-packages, not '$what'" ;;
  esac
}

registry_is_set_up() { [[ -d $REGISTRY ]]; }

registry_tree() { # sets REGISTRY_TREE to the tree's path
  REGISTRY_TREE=$LAB_HOME/registry-$({
    echo "$TOOLS_SUITE $REGISTRY_PACKAGES $(dpkg --print-architecture)"
    declare -f make_tree
  } | cache_key)
}

make_registry() {
  registry_tree
  [[ ! -d $REGISTRY_TREE ]] || return 0
  make_tree "$TOOLS_SUITE" "$REGISTRY_PACKAGES" "${REGISTRY_TREE##*/}"
}

need_registry_tree() {
  registry_tree
  start_build registry "$REGISTRY_TREE"
  finish_build registry
  touch "$REGISTRY_TREE"
}

start_registry() { # after a stop: with the same CA, login and images
  ! alive registry || return 0
  need_registry_tree
  registry_is_set_up || set_up_registry
  ip -n "$LAB_NAME" address replace "$REGISTRY_ADDRESS/24" dev br0
  spawn registry "${CHROOT_IN_LAB[@]}" "$REGISTRY_TREE" "$LAB_HOME" docker-registry serve "$REGISTRY/config.yml"
  wait_until 20 registry_answers || die "the registry does not start: $(tail -n 3 "$LOG/registry.log")"
  say "the registry $REGISTRY_NAME answers; its CA and login are in 'lab net'"
}

registry_answers() { answers "$REGISTRY_ADDRESS" "$REGISTRY_PORT"; }

set_up_registry() {
  local new=$REGISTRY.new
  rm -rf "$new"
  mkdir -p "$new/images" "$new/ca"
  make_certificates "$new"
  make_login "$new"
  cat >"$new/config.yml" <<YAML
version: 0.1
log: {level: info, formatter: text}
storage:
  filesystem: {rootdirectory: $REGISTRY/images}
  delete: {enabled: true}
http:
  addr: $REGISTRY_ADDRESS:$REGISTRY_PORT
  tls: {certificate: $REGISTRY/server.crt, key: $REGISTRY/server.key}
auth:
  htpasswd: {realm: lab, path: $REGISTRY/htpasswd}
YAML
  mv "$new" "$REGISTRY"
}

# Valid since yesterday: the clock of an emulated machine may be behind.
make_certificates() { # FOLDER: afterwards ca/ca.crt, server.crt and server.key are there
  local request=(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc
    -not_before "$(date -u -d '1 day ago' +%Y%m%d%H%M%SZ)" -not_after "$(date -u -d '60 days' +%Y%m%d%H%M%SZ)")
  (
    umask 077
    in_tree "$REGISTRY_TREE" "${request[@]}" -subj "/CN=CA of the lab" -keyout "$1/ca.key" -out "$1/ca/ca.crt" &&
      in_tree "$REGISTRY_TREE" "${request[@]}" -subj "/CN=$REGISTRY_HOST" -CA "$1/ca/ca.crt" -CAkey "$1/ca.key" \
        -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=DNS:$REGISTRY_HOST,IP:$REGISTRY_ADDRESS" \
        -keyout "$1/server.key" -out "$1/server.crt"
  ) >>"$LOG/registry.log" 2>&1 || die "making the registry's certificates failed: $(tail -n 3 "$LOG/registry.log")"
  chmod 644 "$1/ca/ca.crt"
}

# The password is in files and pipes only: a command line is there for everyone to see.
make_login() { # FOLDER: afterwards password, htpasswd, and auth.json for skopeo are there
  local password
  password=$(head -c 18 /dev/urandom | base64 | tr +/ -_)
  (
    umask 077
    echo "$password" >"$1/password" &&
      in_tree "$REGISTRY_TREE" htpasswd -iBc "$1/htpasswd" "$REGISTRY_USER" <"$1/password" 2>>"$LOG/registry.log" &&
      printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$REGISTRY_NAME" "$(printf %s "$REGISTRY_USER:$password" | base64 -w 0)" >"$1/auth.json"
  ) || die "making the registry's login failed: $(tail -n 3 "$LOG/registry.log")"
  chown "$(caller_uid):$(caller_gid)" "$1/password"
}

registry_facts() {
  registry_is_set_up || return 0
  cat <<FACTS
registry=$REGISTRY_NAME
registry_ca=$REGISTRY/ca/ca.crt
registry_user=$REGISTRY_USER
registry_password_file=$REGISTRY/password
FACTS
}

# skopeo finds the registry's name with dnsmasq, which also listens on the loopback address: where there is no resolv.conf.
in_registry_tree() { "${CHROOT_IN_LAB[@]}" "$REGISTRY_TREE" "$LAB_HOME" "$@"; }

push_image() { # KIND NAME:TAG: prints the digest
  local kind=${1:-} name=${2:-} digest
  [[ " $IMAGE_KINDS " == *" $kind "* && $kind ]] || die "registry push: the kind is one of $IMAGE_KINDS, not '$kind'"
  [[ $name =~ ^[a-z0-9][a-z0-9._/-]*:[A-Za-z0-9_][A-Za-z0-9._-]*$ ]] || die "registry push: NAME:TAG, not '$name'"
  alive registry || die "the registry is not running ('lab registry start')"
  need_registry_tree
  images_path
  start_build images "$IMAGES"
  finish_build images
  touch "$IMAGES"
  digest=$REGISTRY/digest
  in_registry_tree skopeo --insecure-policy copy -q --all --digestfile "$digest" --authfile "$REGISTRY/auth.json" \
    --dest-cert-dir "$REGISTRY/ca" "oci:$IMAGES:$kind" "docker://$REGISTRY_NAME/$name" >>"$LOG/registry-push.log" 2>&1 ||
    die "pushing failed: $(tail -n 3 "$LOG/registry-push.log")"
  say "pushed $name, $(image_size "$kind") MB compressed"
  cat "$digest" && echo
}
