package org.workr.capability.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;

class ContainerLockTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";

  private static final String OTHER =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm";

  private static final String ALL =
      """
      from rocker/geospatial:4.4.2
      user rstudio
      packages furrr,future
      repository -
      build 20261128T120000Z
      base rocker/geospatial@sha256:BASE
      image amd64 sha256:ONE
      image arm64 sha256:TWO registry.example.org:5000/r@sha256:THREE
      r 4.4.2
      rscript /usr/bin/Rscript
      host-key workr1 KEY
      host-key workr2 KEY
      """
          .replace("BASE", "b".repeat(64))
          .replace("ONE", "1".repeat(64))
          .replace("TWO", "2".repeat(64))
          .replace("THREE", "3".repeat(64))
          .replace("KEY", KEY);

  @Test
  void readsNothingThatIsNotWellFormed() {
    assertThat(ContainerLock.parse("host-key workr1 " + KEY).hostKeys(new Hostname("workr1")))
        .hasSize(1);
    for (String line :
        List.of(
            "R 4.4.2",
            "r 4.4",
            "r",
            "rscript Rscript",
            "rscript /usr/bin/R\"script",
            "build today",
            "base rocker/geospatial:4.4.2",
            "image amd64",
            "image amd64 sha256:1",
            "image AMD64 sha256:" + "1".repeat(64),
            "image amd64 sha256:" + "1".repeat(64) + " elsewhere",
            "host-key workr1",
            "host-key WORKR1 " + KEY,
            "host-key workr1 ssh-ed25519 AAAA")) {
      assertThatThrownBy(() -> ContainerLock.parse("# first\n" + line))
          .as(line)
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("line 2: ");
    }
  }

  @Test
  void writesWhatItReads() {
    ContainerLock lock = ContainerLock.parse(ALL);
    assertThat(ContainerLock.parse(lock.text())).isEqualTo(lock);
    assertThat(lock.text().lines().filter(line -> !line.startsWith("#")))
        .containsExactlyElementsOf(ALL.lines().toList());
    assertThat(lock.image("amd64"))
        .contains(new ContainerLock.Image("sha256:" + "1".repeat(64), Optional.empty()));
    assertThat(lock.image("arm64").flatMap(ContainerLock.Image::pushed))
        .contains("registry.example.org:5000/r@sha256:" + "3".repeat(64));
    assertThat(lock.image("riscv64")).isEmpty();
  }

  @Test
  void replacesWhatIsSaidAnew() {
    ContainerLock lock =
        ContainerLock.parse(ALL)
            .with(
                List.of(
                    "r 4.5.0 ",
                    "image amd64 sha256:" + "4".repeat(64) + " ",
                    "host-key workr2 " + OTHER));
    assertThat(lock.rVersion()).contains("4.5.0");
    assertThat(lock.rscript()).isEqualTo("/usr/bin/Rscript");
    assertThat(lock.image("amd64").map(ContainerLock.Image::id))
        .contains("sha256:" + "4".repeat(64));
    assertThat(lock.image("arm64")).isPresent();
    assertThat(lock.hostKeys(new Hostname("workr1"))).hasSize(1);
    assertThat(lock.hostKeys(new Hostname("workr2")))
        .extracting(key -> key.type() + " " + key.blob())
        .containsExactly(OTHER);
    assertThatThrownBy(() -> lock.with(List.of("image amd64 latest")))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void imagesOfAnotherBuildAreForgotten() {
    String image = "image amd64 sha256:" + "4".repeat(64);
    ContainerLock lock = ContainerLock.parse(ALL);
    assertThat(lock.with(List.of("build 20261128T120000Z", image)).images())
        .containsOnlyKeys("amd64", "arm64");
    assertThat(lock.with(List.of("build 20261129T120000Z", image)).images())
        .containsOnlyKeys("amd64");
  }

  /** One without nginx must not be taken for one with it. */
  @Test
  void neitherIsWhatItWasMadeOf() {
    ContainerLock lock = ContainerLock.parse(ALL + "tls nginx\n");
    assertThat(lock.made()).containsKey("tls");
    assertThat(lock.with(List.of("build 20261129T120000Z", "user rstudio")).made())
        .containsOnlyKeys("user");
  }
}
