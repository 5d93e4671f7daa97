# shellcheck shell=bash
# One network namespace that holds everything: bridge, DHCP and DNS, Tang servers, package proxy, the machines' taps.
# It has no way out, and nothing of it shows in the machine's own namespace.

readonly SUBNET=10.77.0 GATEWAY=10.77.0.1 PROXY_URL=http://10.77.0.1:3142 TANGS="1 2 3" MAX_MACHINES=40
readonly REGISTRY_HOST=registry.lab REGISTRY_ADDRESS=$SUBNET.5 REGISTRY_PORT=5000
readonly NETNS=/run/netns/$LAB_NAME OTHER=$LAB_NAME-other REPOSITORY=$RUN/repository

in_namespace() { nsenter --net="$NETNS" -- "$@"; }

machine_number() { echo "${1#workr}"; }
bootstrap_address() { echo "$SUBNET.$((100 + $(machine_number "$1")))"; }
mac_address() { printf '52:54:00:77:00:%02x\n' "$(machine_number "$1")"; }
tang_address() { echo "$SUBNET.1$1"; }

network_up() {
  ip netns add "$LAB_NAME"
  ip -n "$LAB_NAME" -batch - <<IP
link set lo up
link add br0 type bridge
link set br0 up
address add $GATEWAY/$PREFIX_LENGTH dev br0
IP
  start_package_proxy
}

network_down() {
  local namespace
  for namespace in "$OTHER" "$LAB_NAME"; do
    [[ ! -e /run/netns/$namespace ]] || ip netns delete "$namespace"
  done
}

start_package_proxy() {
  local outer=${http_proxy:-}
  [[ $outer ]] || eval "$(apt-config shell outer Acquire::http::Proxy 2>/dev/null)"
  [[ $outer != DIRECT ]] || outer=
  mkdir -p "$LAB_HOME/packages" "$REPOSITORY"
  # shellcheck disable=SC2086
  http_proxy=$outer spawn package-proxy python3 "$LIB/package-proxy" "$NETNS" "$GATEWAY" 3142 "$LAB_HOME/packages" \
    "$REPOSITORY" "$MIRROR" ${SECURITY_MIRROR:+"$SECURITY_MIRROR"}
  wait_until 10 answers "$GATEWAY" 3142 || die "the package proxy does not start: $(tail -n 2 "$LOG/package-proxy.log")"
}

answers() { # ADDRESS PORT
  in_namespace timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
}

start_services() { # what needs the tools: DHCP and DNS, Tang
  for number in $TANGS; do ip -n "$LAB_NAME" address add "$(tang_address "$number")/24" dev br0; done
  local number i hosts=()
  for ((i = 1; i <= MAX_MACHINES; i++)); do
    hosts+=("--dhcp-host=$(mac_address "workr$i"),$(bootstrap_address "workr$i")")
  done
  # Clones share their machine-id, hence their DHCP client identifier: only the network card tells them apart.
  spawn dnsmasq "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
    --pid-file= --log-facility=- --interface=br0 --bind-interfaces --no-resolv --no-hosts --domain=lab --local=/lab/ \
    --host-record="gateway.lab,$GATEWAY" "${hosts[@]}" --dhcp-ignore-clid --dhcp-authoritative \
    --dhcp-range="$SUBNET.150,$SUBNET.199,1h" --dhcp-option="option:router,$GATEWAY" --dhcp-leasefile="$RUN/leases" --log-dhcp \
    --host-record="$REGISTRY_HOST,$REGISTRY_ADDRESS" --host-record="tang1.lab,$(tang_address 1)" \
    --host-record="tang2.lab,$(tang_address 2)" --host-record="tang3.lab,$(tang_address 3)"
  for number in $TANGS; do
    start_tang "$number"
  done
  wait_until 10 answers "$GATEWAY" 53 || die "dnsmasq does not start: $(tail -n 2 "$LOG/dnsmasq.log")"
  for number in $TANGS; do
    wait_until 10 answers "$(tang_address "$number")" 80 || die "Tang server $number does not start: $(tail -n 2 "$LOG/tang$number.log")"
  done
}

# --- Tang -----------------------------------------------------------------------------------------------------

start_tang() { # NUMBER
  serve_tang "$1" "$RUN/tang/$1"
}

serve_tang() { # NUMBER KEYS: keys are made where there are none
  if [[ ! -e $2/.made ]]; then
    mkdir -p "$2"
    in_tree "$TOOLS" /usr/libexec/tangd-keygen "$2" >/dev/null
    touch "$2/.made"
  fi
  # tangd answers one request on standard input and output.
  spawn "tang$1" "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" \
    socat -T10 "TCP-LISTEN:80,bind=$(tang_address "$1"),fork,reuseaddr" "EXEC:/usr/libexec/tangd $2"
}

# What tangd-rotate-keys(8) does: the old keys still answer and are not advertised any more.
rotate_tang() { # NUMBER
  local file
  for file in "$RUN/tang/$1"/[!.]*.jwk; do mv "$file" "${file%/*}/.${file##*/}"; done
  in_tree "$TOOLS" /usr/libexec/tangd-keygen "$RUN/tang/$1" >/dev/null
}

tang_thumbprint() { # NUMBER: of the key that the server signs with
  local file
  for file in "$RUN/tang/$1"/[!.]*.jwk; do
    if in_tree "$TOOLS" jose jwk use -i "$file" -r -u verify -o /dev/null 2>/dev/null; then
      in_tree "$TOOLS" jose jwk thp -i "$file" -a S256
      return
    fi
  done
}

tang_command() { # start|stop|impostor|rotate|forget NUMBER
  [[ " $TANGS " == *" ${2:-} "* ]] || die "tang: which one? (of: $TANGS)"
  case $1 in
    start) alive "tang$2" || start_tang "$2" ;;
    stop) stop "tang$2" ;;
    impostor) # at the right address, with other keys, made anew each time
      stop "tang$2"
      rm -rf "$RUN/impostor"
      serve_tang "$2" "$RUN/impostor"
      ;;
    rotate) rotate_tang "$2" ;;
    forget) rm -f "$RUN/tang/$2"/.*.jwk ;;
    *) die "tang: start, stop, impostor, rotate or forget, not '$1'" ;;
  esac
}

# --- an address that is taken -----------------------------------------------------------------------------------

conflict() { # ADDRESS | --off: some other machine on the segment that has this address already
  [[ ! -e /run/netns/$OTHER ]] || ip netns delete "$OTHER"
  ip -n "$LAB_NAME" link delete other 2>/dev/null || true
  [[ $1 != --off ]] || return 0
  [[ $1 =~ ^([0-9]{1,3}\.){3}[0-9]{1,3}$ ]] || die "conflict: an IPv4 address or --off, not '$1'"
  ip netns add "$OTHER"
  ip -n "$LAB_NAME" link add other type veth peer name eth0 netns "$OTHER"
  ip -n "$LAB_NAME" link set other master br0 up
  ip -n "$OTHER" address add "$1/24" dev eth0
  ip -n "$OTHER" link set eth0 up
}

# --- facts ----------------------------------------------------------------------------------------------------

facts() { # key=value lines: a shell can source them, Java reads them as properties
  local name number
  cat <<FACTS
network=$SUBNET.0/24
gateway=$GATEWAY
nameserver=$GATEWAY
static_first=$SUBNET.20
static_last=$SUBNET.99
proxy=$PROXY_URL
repository=$REPOSITORY
namespace=$LAB_NAME
suite=$SUITE
backend=$BACKEND
user=$TEMPLATE_USER
private_key=$LAB_KEY
public_key='$(<"$LAB_KEY.pub")'
template=$TEMPLATE/disk.raw
logs=$LOG
FACTS
  cat "$TEMPLATE/facts"
  for number in $TANGS; do
    echo "tang${number}_url=http://$(tang_address "$number")"
    echo "tang${number}_thumbprint=$(tang_thumbprint "$number")"
  done
  registry_facts
  echo "machines='$(machines | paste -sd' ')'"
  for name in $(machines); do
    echo "${name}_bootstrap=$(bootstrap_address "$name")"
    echo "${name}_mac=$(mac_address "$name")"
    echo "${name}_console=$LOG/$name.console"
  done
}
