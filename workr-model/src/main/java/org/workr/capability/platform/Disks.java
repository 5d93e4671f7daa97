package org.workr.capability.platform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.facts.Fact;

/**
 * The block devices of a host, and what its root file system stands on.
 *
 * <p>The disk to look at is always found from the root file system downwards, never by a name such
 * as {@code /dev/sda3}.
 *
 * @param root what is mounted at {@code /}: a path such as {@code /dev/mapper/vg-root}, or a name
 *     such as {@code overlay} when it is no block device
 * @param rootNumber major and minor device number of it, for example {@code 254:1}
 * @param nodes every block device, once for each device that it stands on
 */
public record Disks(String root, String rootNumber, List<Node> nodes) {
  private static final Pattern PAIR = Pattern.compile("([A-Z_:%-]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The fact. */
  public static final Fact<Disks> FACT =
      Fact.of(
          "platform.disks",
          """
          root=$(findmnt -nvo SOURCE,MAJ:MIN /) || exit 1
          printf '%s\\n' "$root"
          case $root in /*) ;; *) exit 0 ;; esac
          lsblk -nPo KNAME,PKNAME,PATH,TYPE,FSTYPE,FSVER,UUID,MAJ:MIN || exit 1""",
          Disks::parse);

  /**
   * One block device.
   *
   * @param name the kernel's name, for example {@code dm-1}
   * @param parent the kernel's name of a device that it stands on; empty for a disk
   * @param path for example {@code /dev/mapper/dm_crypt-0}
   * @param type as lsblk(8) calls it: {@code disk}, {@code part}, {@code crypt}, {@code lvm}...
   * @param content what is on it, for example {@code crypto_LUKS}, {@code ext4}; may be empty
   * @param contentVersion for LUKS 1 or 2; may be empty
   * @param uuid of the content; may be empty
   * @param number major and minor device number
   */
  public record Node(
      String name,
      String parent,
      String path,
      String type,
      String content,
      String contentVersion,
      String uuid,
      String number) {

    /** Whether it holds a LUKS header. */
    public boolean luks() {
      return content.equals("crypto_LUKS");
    }
  }

  /** Copies the list. */
  public Disks {
    nodes = List.copyOf(nodes);
  }

  /** Whether the root file system is on a block device at all. */
  public boolean rootIsBlockDevice() {
    return nodes.stream().anyMatch(this::isRoot);
  }

  /** The LUKS devices that the root file system stands on, nearest first. */
  public List<Node> luksUnderRoot() {
    Set<String> seen = under(nodes.stream().filter(this::isRoot).toList());
    Map<String, Node> luks = new LinkedHashMap<>();
    for (String name : seen) {
      nodes.stream()
          .filter(node -> node.name().equals(name) && isLuks(node))
          .forEach(node -> luks.putIfAbsent(name, node));
    }
    return List.copyOf(luks.values());
  }

  /** Whether it is known of the device at {@code path} that nothing beneath it encrypts. */
  boolean plain(String path) {
    List<Node> these =
        nodes.stream()
            .filter(node -> node.path().equals(path) || path.equals("/dev/" + node.name()))
            .toList();
    Set<String> seen = under(these);
    return !these.isEmpty()
        && nodes.stream()
            .noneMatch(node -> seen.contains(node.name()) && node.type().equals("crypt"));
  }

  /** The names of some devices and of all that they stand on, nearest first. */
  private Set<String> under(List<Node> some) {
    Deque<String> open = new ArrayDeque<>();
    Set<String> seen = new LinkedHashSet<>();
    some.stream().map(Node::name).forEach(open::add);
    while (!open.isEmpty()) {
      String name = open.remove();
      if (seen.add(name)) {
        nodes.stream()
            .filter(node -> node.name().equals(name) && !node.parent().isEmpty())
            .map(Node::parent)
            .forEach(open::add);
      }
    }
    return seen;
  }

  /** Paths of the devices that carry {@code uuid}: more than one means that a clone is attached. */
  public List<String> pathsOf(String uuid) {
    return nodes.stream()
        .filter(node -> node.uuid().equals(uuid))
        .map(Node::path)
        .distinct()
        .sorted()
        .toList();
  }

  /** Also what lsblk could not look into, when an open encrypted device stands on it. */
  private boolean isLuks(Node node) {
    return node.luks()
        || (node.content().isEmpty()
            // While a disk is re-encrypted, mappings of cryptsetup's own stand upon each other.
            && !node.type().equals("crypt")
            && nodes.stream()
                .anyMatch(n -> n.type().equals("crypt") && n.parent().equals(node.name())));
  }

  private boolean isRoot(Node node) {
    // The number of a btrfs root is that of no device, its source is; for others both agree.
    return node.number().equals(rootNumber) || node.path().equals(root);
  }

  static Disks parse(String text) {
    List<String> lines = text.lines().toList();
    String[] root = lines.isEmpty() ? new String[0] : lines.get(0).strip().split("\\s+", -1);
    if (root.length != 2) {
      throw new IllegalArgumentException("'" + (lines.isEmpty() ? "" : lines.get(0)) + "'");
    }
    List<Node> nodes = lines.stream().skip(1).filter(l -> !l.isBlank()).map(Disks::node).toList();
    return new Disks(root[0], root[1], nodes);
  }

  private static Node node(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = PAIR.matcher(line);
    while (matcher.find()) {
      // util-linux before 2.38 writes MAJ:MIN, later ones MAJ_MIN.
      values.put(matcher.group(1).replace(':', '_'), matcher.group(2));
    }
    String name = values.getOrDefault("KNAME", "");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("'" + line + "'");
    }
    return new Node(
        name,
        values.getOrDefault("PKNAME", ""),
        values.getOrDefault("PATH", ""),
        values.getOrDefault("TYPE", ""),
        values.getOrDefault("FSTYPE", ""),
        values.getOrDefault("FSVER", ""),
        values.getOrDefault("UUID", ""),
        values.getOrDefault("MAJ_MIN", ""));
  }
}
