package org.workr.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;

class ContainerLockFileTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";

  @TempDir Path folder;
  private Path path = Path.of("");
  private ContainerLockFile file = new ContainerLockFile(path);

  @BeforeEach
  void place() {
    path = folder.resolve(ContainerLockFile.NAME);
    file = new ContainerLockFile(path);
  }

  @Test
  void oneThatIsNotThereSaysNothing() {
    assertThat(file.text()).isEmpty();
    assertThat(file.read().images()).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  void keepsWhatHostsSaySideBySide() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Object>> work =
          IntStream.rangeClosed(1, 40)
              .<Callable<Object>>mapToObj(
                  number ->
                      () -> {
                        file.keep(List.of("host-key workr" + number + " " + KEY));
                        return number;
                      })
              .toList();
      for (Future<Object> done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(file.read().hostKeys()).hasSize(40);
    assertThat(file.read().hostKeys(new Hostname("workr40"))).hasSize(1);
  }

  @Test
  void nonsenseChangesNothingAndIsNotQuietlyRead() throws Exception {
    file.keep(List.of("r 4.4.2"));
    String before = Files.readString(path);
    assertThatThrownBy(() -> file.keep(List.of("r latest")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("workr-container.lock was not changed")
        .hasMessageContaining("'latest'");
    assertThat(path).hasContent(before);

    Files.writeString(path, "r latest\n");
    assertThatThrownBy(file::read)
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("workr-container.lock, line 1");
    assertThatThrownBy(() -> file.keep(List.of("r 4.4.2")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(path).hasContent("r latest\n");
  }
}
