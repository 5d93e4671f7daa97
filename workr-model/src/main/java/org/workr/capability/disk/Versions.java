package org.workr.capability.disk;

/** Versions of cryptsetup, such as {@code 2.7.0} or {@code 2.7.0-rc1}. */
final class Versions {
  private Versions() {}

  /** Whether {@code version} is older than {@code other}. */
  static boolean before(String version, String other) {
    String[] ours = version.split("[.-]", -1);
    String[] theirs = other.split("[.-]", -1);
    for (int i = 0; i < theirs.length; i++) {
      int difference = part(ours, i) - part(theirs, i);
      if (difference != 0) {
        return difference < 0;
      }
    }
    return false;
  }

  private static int part(String[] parts, int index) {
    return index < parts.length && parts[index].matches("\\d{1,6}")
        ? Integer.parseInt(parts[index])
        : 0;
  }
}
