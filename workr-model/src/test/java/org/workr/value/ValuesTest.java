package org.workr.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void imageReferences() {
    String digest = "@sha256:" + "0123456789abcdef".repeat(4);
    accepts(
        ImageReference::parse,
        "r-base",
        "rocker/geospatial:4.4.2",
        "rocker/geospatial" + digest,
        "rocker/geospatial:4.4.2" + digest,
        "localhost/a",
        "localhost:5000/a/b-c__d.e:V_1",
        "registry.example.org:5000/a",
        "Registry.Example.org/a");
    refuses(
        ImageReference::parse,
        "",
        "Rocker/geospatial",
        "rocker//geospatial",
        "rocker/geospatial:",
        "rocker/-geospatial",
        "rocker/geospatial:4.4.2 ",
        "rocker/geospatial@sha256:abc",
        "https://registry.example.org/a",
        "a___b",
        "a".repeat(256));
    ImageReference image = ImageReference.parse("localhost:5000/a:1" + digest);
    assertThat(image.tag()).contains("1");
    assertThat(image.digest()).contains(digest.substring(1));
    assertThat(ImageReference.parse("localhost:5000/a").tag()).isEmpty();
    assertThat(image.registry()).contains("localhost:5000");
    assertThat(image.name()).isEqualTo("localhost:5000/a");
    assertThat(ImageReference.parse("rocker/geospatial:4.4.2").registry()).isEmpty();
    assertThat(ImageReference.parse("rocker/geospatial:4.4.2").name())
        .isEqualTo("rocker/geospatial");
  }

  @Test
  void registries() {
    accepts(
        RegistryServer::parse,
        "registry.example.org",
        "registry:5000",
        "localhost",
        "10.0.0.1:5000");
    refuses(
        RegistryServer::parse,
        "",
        "rocker",
        "https://registry.example.org",
        "registry.example.org/stats",
        "registry.example.org:port",
        "-a.b",
        "a.b\",x");
    accepts(RegistryUser::parse, "workr", "robot$stats", "me@example.org");
    refuses(RegistryUser::parse, "", "a b", "a:b", "a\"b", "a\\b", "a'b", "a\nb");
  }

  @Test
  void certificates() {
    String der = Base64.getEncoder().encodeToString(certificate());
    String pem = "-----BEGIN CERTIFICATE-----\n" + der + "\n-----END CERTIFICATE-----\n";
    assertThat(PemCertificate.parse("  " + pem.replace("\n", "\r\n  ")).der()).isEqualTo(der);
    assertThat(PemCertificate.parse(PemCertificate.parse(pem).pem()).der()).isEqualTo(der);
    refuses(
        PemCertificate::parse,
        "",
        der,
        pem + pem,
        pem.replace("CERTIFICATE", "PUBLIC KEY"),
        pem.replace(der, der.substring(4)),
        pem.replace(der, der.substring(0, der.length() - 4)));
    assertThatThrownBy(() -> PemCertificate.parse("-----BEGIN PRIVATE KEY-----\nq7Rz\n"))
        .hasMessageContaining("private key")
        .hasMessageNotContaining("q7Rz");
  }

  /** A sequence of 256 bytes. */
  private static byte[] certificate() {
    byte[] der = new byte[260];
    der[0] = 0x30;
    der[1] = (byte) 0x82;
    der[2] = 1;
    return der;
  }

  @Test
  void packageNames() {
    accepts(PackageName::parse, "htop", "g++", "libc6", "0ad", "python3.11-venv");
    refuses(PackageName::parse, "", "a", "Htop", "htop=3", "htop:amd64", "-x", "a b", "a;b", "a/b");
    accepts(RPackageName::parse, "future", "data.table", "R6", "BH");
    refuses(
        RPackageName::parse, "", "R", "6R", ".x", "x.", "a_b", "a-b", "\"future\"", "c(a)", "é1");
  }

  @Test
  void names() {
    accepts(ClusterName::parse, "stats", "a", "a-1");
    refuses(ClusterName::parse, "", "-a", "a-", "A", "a.b", "a".repeat(33));
    accepts(UserName::parse, "ubuntu", "_apt", "a-b_1");
    refuses(UserName::parse, "", "1a", "-a", "a:b", "a\nb", "A", "a".repeat(33));
    accepts(InterfaceName::parse, "eth0", "enp1s0", "br-lan", "eth0.100");
    refuses(InterfaceName::parse, "", ".", "..", "a b", "a/b", "a:1", "a".repeat(16), "$(reboot)");
    accepts(DomainName::parse, "local", "cluster.example.org", "a-b.c1");
    refuses(
        DomainName::parse,
        "",
        "a.",
        ".a",
        "a..b",
        "A.b",
        "-a.b",
        ("a".repeat(63) + ".").repeat(4) + "a");
    accepts(TtyName::parse, "ttyS0", "ttyAMA0", "ttyUSB12");
    refuses(TtyName::parse, "", "ttyS", "/dev/ttyS0", "tty0", "ttyS0,115200");
    accepts(FilePath::parse, "~/.ssh/id_ed25519", "keys/a b", "/etc/x");
    refuses(FilePath::parse, "", " ", "~root/x", "a\nb", "a\0b");
  }

  @Test
  void urls() {
    accepts(
        HttpUrl::parse,
        "http://192.168.3.247",
        "https://example.org:8443/a/b?c=d",
        "HTTPS://Example.ORG/Path/");
    refuses(
        HttpUrl::parse,
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http:///a",
        "http://a b",
        "http://example.org/#x",
        "http://example.org:0",
        "http://example.org:70000",
        "http://me@example.org");
    HttpUrl url = HttpUrl.parse("HTTPS://Example.ORG/Path/");
    assertThat(url.value()).isEqualTo("https://example.org/Path");
    assertThat(url.host()).isEqualTo("example.org");
    assertThat(url.port()).isEqualTo(443);
    assertThat(url.address()).isEmpty();
    assertThat(HttpUrl.parse("http://10.0.0.1:81").port()).isEqualTo(81);
    assertThat(HttpUrl.parse("http://10.0.0.1").port()).isEqualTo(80);
    assertThat(HttpUrl.parse("http://10.0.0.1").address()).contains(Ipv4.parse("10.0.0.1"));
  }

  @Test
  void urlsWithPasswordsAreNotQuoted() {
    for (String url : List.of("http://me:geheim@example.org", "http://me:ge heim@example.org/")) {
      assertThatThrownBy(() -> HttpUrl.parse(url)).hasMessageNotContaining("heim");
    }
  }

  @Test
  void fingerprints() {
    accepts(Thumbprint::parse, "a".repeat(43), "a-_".repeat(9));
    refuses(Thumbprint::parse, "", "a".repeat(42), "a".repeat(44), "+".repeat(43));
    assertThat(Thumbprint.parse("a".repeat(27)).isSha1()).isTrue();
    assertThat(Thumbprint.parse("a".repeat(43)).isSha1()).isFalse();
    String pgp = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";
    assertThat(PgpFingerprint.parse("9dc8 5822 9FC7 DD38 854A  E2D8 8D81 803C 0EBF CD88").value())
        .isEqualTo(pgp);
    assertThat(PgpFingerprint.parse("0x" + pgp).value()).isEqualTo(pgp);
    refuses(PgpFingerprint::parse, "", "0EBFCD88", "8D81803C0EBFCD88", "G" + pgp.substring(1));
  }

  @Test
  void amounts() {
    assertThat(MemorySize.parse("8G").mebibytes()).isEqualTo(8192);
    assertThat(MemorySize.parse("512m").toString()).isEqualTo("512m");
    assertThat(MemorySize.parse("2048m").toString()).isEqualTo("2g");
    refuses(MemorySize::parse, "", "8", "0g", "8gb", "1.5g", "-1g", "9999999g");
    assertThat(CpuCount.parse("1.5").toString()).isEqualTo("1.5");
    refuses(CpuCount::parse, "", "0", "0.000", "-1", "1,5", "many", "1e3");
  }

  private static void accepts(Function<String, ?> parser, String... texts) {
    for (String text : texts) {
      assertThat(parser.apply(text)).as(text).isNotNull();
    }
  }

  private static void refuses(Function<String, ?> parser, String... texts) {
    for (String text : texts) {
      assertThatThrownBy(() -> parser.apply(text))
          .as("'" + text + "'")
          .isInstanceOf(InvalidValueException.class);
    }
  }
}
