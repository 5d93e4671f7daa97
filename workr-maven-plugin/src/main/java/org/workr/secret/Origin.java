package org.workr.secret;

import org.workr.value.SecretName;

/**
 * Where a secret was found. Holds no value, so it may be printed.
 *
 * @param name the name under which it was found, which is the cluster-wide one when it is shared
 * @param source for example {@code the environment}
 * @param place for example {@code environment variable WORKR_STATS_LUKS_CURRENT}
 */
public record Origin(SecretName name, String source, String place) {

  @Override
  public String toString() {
    return place;
  }
}
