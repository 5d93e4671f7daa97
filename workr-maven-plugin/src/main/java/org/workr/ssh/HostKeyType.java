package org.workr.ssh;

import java.util.List;

/** The three families of host keys of which a server has one each, in the order we ask for them. */
enum HostKeyType {
  ED25519,
  ECDSA,
  RSA;

  /** The names under which its signatures are negotiated: RFC 8709, RFC 5656, RFC 8332. */
  List<String> signatures() {
    return switch (this) {
      case ED25519 -> List.of("ssh-ed25519");
      case ECDSA -> List.of("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521");
      case RSA -> List.of("rsa-sha2-512", "rsa-sha2-256");
    };
  }

  /** The family of a public key's type as it stands in a {@code .pub} file. */
  static HostKeyType of(String publicKeyType) {
    if (publicKeyType.startsWith("ecdsa-")) {
      return ECDSA;
    }
    return publicKeyType.equals("ssh-ed25519") ? ED25519 : RSA;
  }
}
