package org.workr.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SshPublicKeyTest {
  private static final String ED25519 =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";

  @Test
  void readsALine() {
    SshPublicKey key = SshPublicKey.parse("  " + ED25519 + "   me @ laptop \n");
    assertThat(key.type()).isEqualTo("ssh-ed25519");
    assertThat(key.comment()).isEqualTo("me @ laptop");
    assertThat(key.line()).isEqualTo(ED25519 + " me @ laptop");
    assertThat(SshPublicKey.parse(ED25519).line()).isEqualTo(ED25519);
  }

  @Test
  void hasTheFingerprintOfSshKeygen() {
    // From ssh-keygen -lf of OpenSSH 9.2.
    assertThat(SshPublicKey.parse(ED25519).fingerprint().value())
        .isEqualTo("SHA256:7mfcstcL/R9SpI8z0PBrDHKZS/PxHm0oCV8IP7qVD3Y");
  }

  @Test
  void readsWhatSshKeygenMakes() {
    assertThat(
            SshPublicKey.parse(
                    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDf2XcpwlM4BVeYjqpVmgUbZ2lLemIjkG"
                        + "+QGobj8Q+Qib02PlP8inJYkjcp6d/2FcRMGJsBkNwdp2ujcdMl9ITrgvJ/gPFYUtXaYyoV"
                        + "f/hNZPqpJmeL1M0gOyWn3zs1h8xqqIo18Fgry5kAOrgY1I2vcOKX9aIV3rX2zhho7dQZA9"
                        + "QGKveWaKIeS+Q57MgVBQAz4T/qzrfC7KGUpz7prTpQ8i71Z7VOQHvvVUH4yMdccGXgF76A"
                        + "WRflYbX06L8z2+2DVjH5GAfVW14pYP84z8rg6hxKRxyncz6TEZsOGQwprEd3megeeHvrDz"
                        + "kqbcSlYIcrp+cg4KUeI38OY8SloxPD")
                .type())
        .isEqualTo("ssh-rsa");
    assertThat(
            SshPublicKey.parse(
                    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAA"
                        + "BBBASTLaIE7BEHS1diq2ItMhgflAHyh1iyIBCVU/pyAtQ+PBf1JJPOGLijqvyta6FRrXT2"
                        + "CKZmSdGruaaeIJuW6V4=")
                .type())
        .isEqualTo("ecdsa-sha2-nistp256");
    assertThat(
            SshPublicKey.parse(
                    "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAA"
                        + "BhBEgvXDy94cE66gVbQ4dDdaF1Z0z3eU7uw6tYXSSrn+a+xcQU9aJO3lSStbbhvK5XZJXB"
                        + "wMQuiF1k434RN93e5oPbNEcnB0BPCpTkGhQyzDRJNd4eV0yj8VFPfumrbKxDow==")
                .type())
        .isEqualTo("ecdsa-sha2-nistp384");
    assertThat(
            SshPublicKey.parse(
                    "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAA"
                        + "CFBAGut7V5lo4Y9uA9EVf86MigPpW2c88ZF6dEwrBgTjIxMIJQM5nN8VIL6dv4biNsdytX"
                        + "Y52OnOmuR5dKg8RWHYIclQBiDqqNJk6Cfd7MyIlegh/lGTxvJ0bHT6XDmDQJM6VnO0CKRN"
                        + "EYucTJsfcanG7D5h1GDzhsnUwHTaUKQBg4wGhK/Q==")
                .type())
        .isEqualTo("ecdsa-sha2-nistp521");
    assertThat(
            SshPublicKey.parse(
                    "sk-ssh-ed25519@openssh.com "
                        + blob("sk-ssh-ed25519@openssh.com", new byte[32], bytes("ssh:")))
                .type())
        .startsWith("sk-");
  }

  @Test
  void readsFilesOfKeys() {
    String file = "# me\n\n" + ED25519 + " a\r\n  " + ED25519 + " b\n";
    assertThat(SshPublicKey.parseAll(file))
        .extracting(SshPublicKey::comment)
        .containsExactly("a", "b");
    assertThatThrownBy(() -> SshPublicKey.parseAll(ED25519 + "\n<html>Not found</html>\n"))
        .hasMessageStartingWith("line 2: '<html>Not' is not a type of SSH public key");
    assertThatThrownBy(() -> SshPublicKey.parseAll("# none\n"))
        .hasMessageStartingWith("there is no SSH public key in it");
    assertThatThrownBy(() -> SshPublicKey.parseAll("-----BEGIN RSA PRIVATE KEY-----\nc2Vj\n"))
        .hasMessageStartingWith("this is a private key");
  }

  @Test
  void refusesBlobsThatAreNotWhatTheLineSays() {
    refused("ssh-ed25519 " + blob("ssh-rsa", new byte[3], new byte[257]), "of another type");
    refused("ssh-ed25519 " + blob("ssh-ed25519", new byte[31]), "32 bytes");
    refused("ssh-ed25519 " + blob("ssh-ed25519", new byte[32], new byte[1]), "bytes too many");
    refused("ssh-rsa " + blob("ssh-rsa", new byte[3]), "ends too early");
    byte[] point = new byte[65];
    refused(
        "ecdsa-sha2-nistp256 " + blob("ecdsa-sha2-nistp256", bytes("nistp256"), point), "curve");
    point[0] = 4;
    refused(
        "ecdsa-sha2-nistp256 " + blob("ecdsa-sha2-nistp256", bytes("nistp384"), point), "curve");
    refused("ssh-ed25519 ////", "ends too early");
    refused("ssh-foo AAAA", "'ssh-foo' is not a type");
    refused("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate");
    refused(ED25519 + " a\n" + ED25519 + " b", "more than one line");
  }

  @Test
  void neverQuotesAPrivateKey() {
    assertThatThrownBy(() -> SshPublicKey.parse("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n"))
        .hasMessageContaining("private key")
        .hasMessageNotContaining("c2VjcmV0");
  }

  private static void refused(String line, String why) {
    assertThatThrownBy(() -> SshPublicKey.parse(line))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(why);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String blob(String type, byte[]... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(4).putInt(type.length()).array());
    out.writeBytes(bytes(type));
    for (byte[] field : fields) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(field.length).array());
      out.writeBytes(field);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
