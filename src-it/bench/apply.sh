# What workr:provision does to a light host, as a script of its own: the least that can do it. NAME, SECOND and PROXY are set in front
# of it. Ends with changed=N.
set -eu
umask 022
changed=0
change() { changed=$((changed + 1)); }
put() { # FILE MODE CONTENT
  [ "$(cat "$1" 2>/dev/null)" = "$3" ] && [ "$(stat -c '%a %U:%G' "$1")" = "$2 root:root" ] && return 1
  printf '%s\n' "$3" >"$1.new"
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}
again=
[ "$(awk '$1 == "127.0.1.1" { $1 = ""; print substr($0, 2) }' /etc/hosts)" = "$NAME" ] || {
  sed -i '/^127\.0\.1\.1[ \t]/d' /etc/hosts
  echo "127.0.1.1 $NAME" >>/etc/hosts
  change
}
[ "$(hostname) $(cat /etc/hostname)" = "$NAME $NAME" ] || { hostname "$NAME" && echo "$NAME" >/etc/hostname && change; }
# Who has never been here is a clone, or was made one.
if [ "$(cat /var/lib/workr/identity 2>/dev/null)" != "hostname=$NAME
machine-id=$(cat /etc/machine-id)" ]; then
  tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id.new
  chmod 444 /etc/machine-id.new
  mv /etc/machine-id.new /etc/machine-id
  if [ -d /var/lib/dbus ]; then ln -sfn /etc/machine-id /var/lib/dbus/machine-id; fi
  change
  rm -f /etc/ssh/ssh_host_ed25519_key*
  ssh-keygen -q -t ed25519 -N '' -C "root@$NAME" -f /etc/ssh/ssh_host_ed25519_key
  change
  mkdir -p /var/lib/workr
  printf 'hostname=%s\nmachine-id=%s\n' "$NAME" "$(cat /etc/machine-id)" >/var/lib/workr/identity
  chmod 600 /var/lib/workr/identity
  change
  again=yes
fi
put /etc/apt/apt.conf.d/10workr-proxy 644 "// Written by workr. Changes are overwritten.
Acquire::http::Proxy \"$PROXY\";" && change
keys=/home/ubuntu/.ssh/authorized_keys
grep -qxF "$SECOND" "$keys" || { echo "$SECOND" >>"$keys" && change; }
[ "$(stat -c '%a %U:%G' "$keys")" = '600 ubuntu:ubuntu' ] || { chown ubuntu:ubuntu "$keys" && chmod 600 "$keys" && change; }
put /etc/ssh/sshd_config.d/10-workr.conf 644 '# Written by workr.
PasswordAuthentication no
KbdInteractiveAuthentication no' && change && again=yes
put /etc/sudoers.d/workr 440 '# Written by workr.
ubuntu ALL=(ALL:ALL) NOPASSWD: ALL' && visudo -cqf /etc/sudoers.d/workr && change
if [ "$again" ]; then /usr/sbin/sshd -t && kill -HUP "$(cat /run/sshd.pid)"; fi
echo "changed=$changed"
