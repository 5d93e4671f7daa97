package org.workr.capability.container;

import java.util.HashMap;
import java.util.Map;

/** Where things of the container are on a host, and what they are called there. */
final class ContainerPaths {
  /** Only root may enter: host keys are in it. */
  static final String FOLDER = "/etc/workr/container";

  /** What runs. */
  static final String COMPOSE = FOLDER + "/compose.yaml";

  /** What is to run, until it has been tried. */
  static final String NEXT = FOLDER + "/next.yaml";

  /** The same without name and port, to try it beside what runs. */
  static final String TRIAL = FOLDER + "/trial.yaml";

  /** A copy of what ran well; what is put back when another one does not. */
  static final String PROVEN = FOLDER + "/proven.yaml";

  /** The SSH host keys of the container, which outlive every image. */
  static final String HOST_KEYS = FOLDER + "/host-keys";

  /** The one key that it proves. */
  static final String HOST_KEY = HOST_KEYS + "/ssh_host_ed25519_key";

  /** A folder, so that a file in it that is replaced is seen in the container. */
  static final String KEYS = FOLDER + "/authorized-keys";

  /** The systemd unit. */
  static final String UNIT = "workr-container.service";

  static final String UNIT_FILE = "/etc/systemd/system/" + UNIT;

  /** The unit of a deployment under way, which a lost connection does not end. */
  static final String DEPLOYMENT = "workr-deploy.service";

  /** What that runs. */
  static final String SCRIPT = "/var/lib/workr/deploy-container";

  /** The unit of an image that is being made. */
  static final String BUILDING = "workr-image.service";

  /** The name of that image, and the digest of its recipe. */
  static final String BUILD_NAME = Recipe.FOLDER + "/name";

  /** The container. */
  static final String CONTAINER = "workr-r";

  /** Another one that is only tried. */
  static final String TRIED = "workr-trial";

  /**
   * Where images are filed on a host. No registry can have this name (RFC 2606), so what is missing
   * is never fetched from somebody who has put something there.
   */
  private static final String IMAGES = "workr.invalid/";

  /** What these are called in scripts. */
  static final Map<String, String> WORDS =
      Map.of(
          "FOLDER", FOLDER,
          "HOST_KEYS", HOST_KEYS,
          "HOST_KEY", HOST_KEY,
          "KEYS", KEYS,
          "CONTAINER", CONTAINER,
          "UNIT_NAME", UNIT,
          "DEPLOYMENT", DEPLOYMENT,
          "SCRIPT", SCRIPT);

  private ContainerPaths() {}

  /** These and others. */
  static Map<String, String> and(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(WORDS);
    all.putAll(more);
    return all;
  }

  /** The folder where Docker looks for the certificate of a registry. */
  static String certificate(RegistrySpec registry) {
    return "/etc/docker/certs.d/" + registry.server() + "/ca.crt";
  }

  /** A name for an image of {@code cluster} on a host. */
  static String image(String cluster, String tag) {
    return IMAGES + cluster + ":" + tag;
  }

  /** The name of an image by what is in it. */
  static String imageById(String cluster, String id) {
    return image(cluster, id.substring("sha256:".length(), "sha256:".length() + 12));
  }
}
