package org.workr.capability.network;

/** The part of {@link DeadmanScript} that saves what will be changed, and puts it back. */
final class BackupScript {
  static final String TEXT =
      """
      # --- saving and putting back ---------------------------------------------------------------------

      # Saves every path of $saved as it is, or that it is not there. A path that is in the list already
      # was saved before anything was changed and is not saved again. The list names a path only once
      # its copy is on the disk: one that is in the list and has no copy is removed by a rollback.
      save() {
        rm -f -- "$home/paths.new"
        if [ -e "$home/paths" ]; then
          cp -- "$home/paths" "$home/paths.new" || return 1
        fi
        printf '%s\\n' "$saved" >"$home/wanted" || return 1
        while IFS= read -r path; do
          if [ -e "$home/paths.new" ] && grep -qxF -e "$path" "$home/paths.new"; then
            continue
          fi
          rm -rf -- "$home/backup$path" && mkdir -p "$home/backup${path%/*}" || return 1
          if [ -e "$root$path" ] || [ -L "$root$path" ]; then
            cp -a -- "$root$path" "$home/backup$path" || return 1
          fi
          printf '%s\\n' "$path" >>"$home/paths.new" || return 1
        done <"$home/wanted"
        sync
        mv -f "$home/paths.new" "$home/paths"
      }

      # Puts back every saved path, each by one rename, so that it may be cut off and run again. On a
      # full disk the copy is linked, which takes no room. Fails when something could not be put back.
      restore() {
        short=
        while IFS= read -r path; do
          case $1$path in
            boot/run/*) continue ;;
          esac
          new=$root${path%/*}/.workr-old
          if [ -e "$home/backup$path" ] || [ -L "$home/backup$path" ]; then
            rm -f -- "$new"
            [ -d "${new%/*}" ] || (umask 022 && mkdir -p "${new%/*}")
            copy "$home/backup$path" "$new" && mv -fT -- "$new" "$root$path" || short=yes
          else
            rm -f -- "$root$path" || short=yes
          fi
        done <"$home/paths" || short=yes
        sync
        [ -z "$short" ]
      }

      copy() {
        cp -a -- "$1" "$2" 2>/dev/null || {
          rm -f -- "$2"
          cp -al -- "$1" "$2"
        }
      }

      """;

  private BackupScript() {}
}
