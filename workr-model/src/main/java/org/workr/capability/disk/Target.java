package org.workr.capability.disk;

import org.workr.plan.Step;
import org.workr.value.SecretName;

/**
 * A device whose keys workr manages, and what is known of it.
 *
 * @param device the device
 * @param header its metadata
 * @param name how its changes begin; empty for the device of the root file system
 * @param passphrase the secret that opens it when a change of its binding or volume key begins
 */
record Target(LuksDevice device, LuksHeader header, String name, SecretName passphrase) {

  /** The subject of a change. */
  String subject(String what) {
    return name.isEmpty() ? what : name + "." + what;
  }

  /** A script about the device, which reads the passphrase as its first line. */
  Step script(String body) {
    return Step.shell(LuksShell.script(device.uuid(), "IFS= read -r P\n" + body), passphrase);
  }

  /** What {@code findings} say of this device begins so. */
  String where() {
    return "'" + device.path() + "'";
  }
}
