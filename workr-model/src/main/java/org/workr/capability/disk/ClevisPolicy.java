package org.workr.capability.disk;

import org.workr.value.InvalidValueException;

/**
 * A policy of Clevis: the configuration of its pin {@code sss}.
 *
 * @param sss what unlocks the disk
 */
public record ClevisPolicy(Pin.Sss sss) {

  /**
   * The policy written as JSON, strictly: see {@link ClevisPolicyParser}.
   *
   * @throws InvalidValueException with the line and column of what is wrong
   */
  public static ClevisPolicy parse(String json) {
    return new ClevisPolicy(ClevisPolicyParser.parse(json));
  }
}
