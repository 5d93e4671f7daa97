package org.workr.keys;

/** Public keys for tests. */
final class Keys {
  static final String ANN =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA5Yu95XvKbbaIzYu6lErz+VrVhmmfOR9l84I7fouPKm"
          + " ann@example.org";
  static final String ANN_FINGERPRINT = "SHA256:wbvmVHdUcrQDCibSoP+woeENzc0ZoYiCWvfF/RylwVc";
  static final String BOB =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEuBSwjUvEarp3p/34vuuKUCLzbUDg0H8rt3K8O0/OVP bob";
  static final String BOB_FINGERPRINT = "SHA256:pv0YVAZKuWaTdvl+YHJAnfIQ24q93lPmRrAstn3WmFg";

  static final String REPOSITORY_FINGERPRINT = "912D0D5C81DC11249F7A9B7B5BF771C435717FC0";
  static final String REPOSITORY =
      """
      -----BEGIN PGP PUBLIC KEY BLOCK-----

      mDMEawECBRYJKwYBBAHaRw8BAQdA2gIc3vw3UtMaEGfvWyLhh3zOj4ZHah0x0SlV
      t2yJrZ20KUV4YW1wbGUgcmVwb3NpdG9yeSA8cGFja2FnZXNAZXhhbXBsZS5vcmc+
      iJAEExYIADgWIQSRLQ1cgdwRJJ96m3tb93HENXF/wAUCawECBQIbAwULCQgHAgYV
      CgkICwIEFgIDAQIeAQIXgAAKCRBb93HENXF/wPzNAQDx6nCL7o6OEsiWZPEPzhfw
      DOgWjnkgAFGMZzGJnzX/PwEAg1x21c87gZEUeFo9cQUy6tE4uyoLMoMd5tm4dI3n
      4AA=
      =OV2A
      -----END PGP PUBLIC KEY BLOCK-----
      """;

  private Keys() {}
}
