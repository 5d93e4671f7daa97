package org.workr.capability.disk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.facts.Fact;

/**
 * Everything about the encryption of a host's disks that can be seen without a secret.
 *
 * @param cryptsetup its version, such as {@code 2.6.1}; empty when it is not installed
 * @param packages installed ones, of those that matter
 * @param booted when the host was started, by its clock
 * @param boot the boot id, which every start makes anew; empty when it is not known
 * @param crypttab lines of crypttab(5) that are no comments
 * @param mappings of the device mapper
 * @param devices the LUKS devices
 * @param leaving whether workr switches the machine off, for ever
 * @param tpm the PCR banks of its TPM 2, none where Linux does not say (before 5.12); empty when it
 *     has none
 * @param grubDecrypts whether GRUB opens an encrypted disk for {@code /boot}
 * @param upgradeArmed whether the next start upgrades the system (systemd.offline-updates(7))
 */
record DiskState(
    String cryptsetup,
    Set<String> packages,
    Instant booted,
    String boot,
    List<Crypttab> crypttab,
    List<Mapping> mappings,
    List<LuksDevice> devices,
    boolean leaving,
    Optional<Set<String>> tpm,
    boolean grubDecrypts,
    boolean upgradeArmed) {

  static final Fact<DiskState> FACT =
      Fact.of(
          "disk.state",
          LuksShell.UNLOCKED_METADATA
              + """
          if ! command -v cryptsetup >/dev/null; then echo 'cryptsetup -'; exit 0; fi
          set -- $(cryptsetup --version)
          echo "cryptsetup $2"
          for package in clevis-luks clevis-initramfs clevis-tpm2 cryptsetup-initramfs; do
            case $(dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null) in
              installed) echo "package $package" ;;
            esac
          done
          awk '$1 == "btime" {print "booted", $2}' /proc/stat
          echo "boot $(cat /proc/sys/kernel/random/boot_id)"
          ! systemctl is-active --quiet workr-power-off.timer 2>/dev/null || echo 'leaving yes'
          [ ! -e /system-update ] && [ ! -e /etc/system-update ] || echo 'armed yes'
          chip=$(ls /dev/tpmrm[0-9]* 2>/dev/null | head -n 1) # the one that Clevis takes
          [ -z "$chip" ] || echo "tpm $(
            for bank in "/sys/class/tpm/tpm${chip##*tpmrm}"/pcr-*; do [ ! -d "$bank" ] || printf '%s ' "${bank##*/pcr-}"; done)"
          # Without this GRUB opens no encrypted disk, and something else that lies outside starts the machine.
          if cat /etc/default/grub /etc/default/grub.d/*.cfg 2>/dev/null |
            grep -E '^[[:space:]]*GRUB_ENABLE_CRYPTODISK=[[:punct:]]?y' >/dev/null &&
            lsblk -nso TYPE "$(findmnt -nvo SOURCE -T /boot)" 2>/dev/null | grep -x crypt >/dev/null; then
            echo 'grub yes'
          fi
          # Its last line may have no end.
          [ ! -e /etc/crypttab ] || awk '!/^[[:space:]]*(#|$)/ {print "crypttab " $0}' /etc/crypttab
          for dm in /sys/block/dm-*; do
            [ -e "$dm/dm/name" ] || continue
            echo "mapping ${dm##*/} $(cat "$dm/dm/suspended") $(cat "$dm/dm/name") $(cat "$dm/dm/uuid")"
          done
          lsblk -nrpo NAME,FSTYPE,UUID | sort -u | while read -r device type uuid; do
            [ "$type" = crypto_LUKS ] || continue
            [ -n "$uuid" ] || uuid=$(cryptsetup luksUUID "$device") || exit 1
            unit=$(systemctl show -p ActiveState --value "workr-reencrypt-$uuid.service" 2>/dev/null)
            echo "device $device"
            echo "uuid $uuid"
            echo "size $(blockdev --getsize64 "$device")"
            echo "machine $(printf '%s %s\\n' "$(cat /etc/machine-id)" "$uuid" | sha256sum | cut -c1-16)"
            for holder in "/sys/class/block/${device##*/}"/holders/*; do
              [ ! -e "$holder" ] || echo "holder ${holder##*/}"
            done
            [ ! -e /etc/crypttab ] || awk '!/^[[:space:]]*#/ {print $2}' /etc/crypttab | while read -r source; do
              case $source in
                UUID=* | LABEL=* | PARTUUID=* | PARTLABEL=* | ID=*)
                  path=/dev/disk/by-$(echo "${source%%=*}" | tr '[:upper:]' '[:lower:]')/${source#*=} ;;
                *) path=$source ;;
              esac
              path=$(readlink -e "$path") && [ "$path" = "$(readlink -e "$device")" ] && echo "source $source"
            done
            case $unit in
              active|activating|deactivating) metadata=$(unlocked_metadata "$device") ;;
              *) metadata=$(cryptsetup luksDump --dump-json-metadata "$device" 2>/dev/null | tr -d ' \\n\\t') ;;
            esac
            printf 'metadata %s\\n' "$metadata"
            echo "unit $unit"
            [ ! -s "/run/workr/reencrypt-$uuid/progress" ] ||
              tail -n 1 "/run/workr/reencrypt-$uuid/progress" | sed 's/^/progress /'
          done""",
          DiskState::parse);

  /**
   * A mapping.
   *
   * @param node the kernel's name, such as {@code dm-0}
   * @param suspended whether it lets nothing through
   * @param name such as {@code dm_crypt-0}
   * @param uuid such as {@code CRYPT-LUKS2-...}
   */
  record Mapping(String node, boolean suspended, String name, String uuid) {}

  /** Copies the collections. */
  DiskState {
    packages = Set.copyOf(packages);
    crypttab = List.copyOf(crypttab);
    mappings = List.copyOf(mappings);
    devices = List.copyOf(devices);
    tpm = tpm.map(Set::copyOf);
  }

  /** The mapping that a device is open as; empty when it is closed. */
  Optional<Mapping> mapping(LuksDevice device) {
    String plain = device.uuid().replace("-", "");
    return mappings.stream()
        .filter(mapping -> mapping.uuid().matches("CRYPT-LUKS\\d-" + plain + "-.*"))
        .findFirst();
  }

  /**
   * Whether the machine has started since it was bound, by whatever means. By the boot id, as a
   * clock that is set right afterwards would make it look so; by the clock when it was not noted.
   */
  boolean restarted(LuksDevice device) {
    return device.binding().isPresent()
        && device
            .note(Note.Kind.BINDING)
            .map(
                note ->
                    note.boot()
                        .map(then -> !boot.isEmpty() && !then.equals(boot))
                        .orElseGet(() -> booted.isAfter(note.since())))
            .orElse(false);
  }

  /** What crypttab says of a device. */
  Optional<Crypttab> crypttab(LuksDevice device) {
    String name = mapping(device).map(Mapping::name).orElse("");
    return crypttab.stream()
        .filter(
            line ->
                line.target().equals(name)
                    || device.sources().contains(line.source())
                    || line.source().equals("UUID=" + device.uuid())
                    || line.source().equals("/dev/disk/by-uuid/" + device.uuid()))
        .findFirst();
  }

  /**
   * Lines of disks that are not attached, or not found by what they are called there. The host's
   * passphrase may open each, one that has a key file too. One with its header elsewhere looks like
   * nothing of LUKS when it is there.
   */
  List<Crypttab> absent() {
    return crypttab.stream()
        .filter(line -> line.mayBeLuks() && !line.random() && line.option("header").isEmpty())
        .filter(line -> devices.stream().noneMatch(d -> crypttab(d).equals(Optional.of(line))))
        .toList();
  }

  /** Mappings that let nothing through any more, since a re-encryption was killed. */
  List<Mapping> stuck(LuksDevice device) {
    String name = mapping(device).map(Mapping::name).orElse(device.uuid());
    return mappings.stream()
        .filter(mapping -> mapping.suspended() && mapping.name().startsWith(name))
        .toList();
  }

  private static DiskState parse(String text) {
    Map<String, List<String>> all = new HashMap<>();
    List<LuksDevice> devices = new ArrayList<>();
    Map<String, List<String>> device = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 2);
      String value = words.length > 1 ? words[1].strip() : "";
      if (words[0].equals("device")) {
        if (!device.isEmpty()) {
          devices.add(device(device));
        }
        device = new HashMap<>();
      }
      Map<String, List<String>> into =
          device.isEmpty() && !words[0].equals("device") ? all : device;
      into.computeIfAbsent(words[0], key -> new ArrayList<>()).add(value);
    }
    if (!device.isEmpty()) {
      devices.add(device(device));
    }
    String version = one(all, "cryptsetup");
    if (version.isEmpty()) {
      throw new IllegalArgumentException("no version of cryptsetup");
    }
    return new DiskState(
        version.equals("-") ? "" : version,
        new TreeSet<>(all.getOrDefault("package", List.of())),
        Instant.ofEpochSecond(version.equals("-") ? 0 : number(all, "booted")),
        one(all, "boot"),
        all.getOrDefault("crypttab", List.of()).stream().map(Crypttab::parse).toList(),
        all.getOrDefault("mapping", List.of()).stream().map(DiskState::mappingLine).toList(),
        devices,
        all.containsKey("leaving"),
        all.containsKey("tpm") ? Optional.of(words(one(all, "tpm"))) : Optional.empty(),
        all.containsKey("grub"),
        all.containsKey("armed"));
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  private static LuksDevice device(Map<String, List<String>> values) {
    String metadata = one(values, "metadata");
    return new LuksDevice(
        one(values, "device"),
        one(values, "uuid"),
        number(values, "size"),
        values.getOrDefault("holder", List.of()),
        values.getOrDefault("source", List.of()),
        metadata.isEmpty() ? Optional.empty() : Optional.of(LuksHeader.parse(metadata)),
        one(values, "machine"),
        one(values, "unit"),
        one(values, "progress"));
  }

  private static Mapping mappingLine(String line) {
    String[] fields = line.split(" ", 4);
    if (fields.length < 3) {
      throw new IllegalArgumentException("'" + line + "'");
    }
    return new Mapping(
        fields[0], fields[1].equals("1"), fields[2], fields.length > 3 ? fields[3] : "");
  }

  private static long number(Map<String, List<String>> values, String key) {
    String text = one(values, key);
    if (!text.matches("\\d{1,16}")) {
      throw new IllegalArgumentException(key + " is '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static String one(Map<String, List<String>> values, String key) {
    List<String> all = values.getOrDefault(key, List.of());
    return all.isEmpty() ? "" : all.get(0);
  }
}
