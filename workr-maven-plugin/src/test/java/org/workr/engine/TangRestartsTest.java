package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.Role;

@NullUnmarked // the restarts here give no connection
class TangRestartsTest {
  private final TangRestarts restarts = new TangRestarts();
  private final AtomicInteger down = new AtomicInteger();
  private final List<Integer> together = new ArrayList<>();

  @Test
  void tangServersAreNeverDownTogether() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch back = new CountDownLatch(1);
      Future<?> first =
          threads.submit(
              () ->
                  restarts.inTurn(
                      host("tang1", Role.TANG),
                      () -> {},
                      () -> {
                        begun.countDown();
                        return away(back);
                      }));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      Future<?> second =
          threads.submit(
              () ->
                  restarts.inTurn(
                      host("tang2", Role.TANG),
                      waits::countDown,
                      () -> away(new CountDownLatch(0))));
      assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
      // A worker does not wait for them.
      restarts.inTurn(host("workr1", Role.WORKER), () -> {}, () -> null);
      back.countDown();
      first.get(20, TimeUnit.SECONDS);
      second.get(20, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    assertThat(together).containsExactly(1, 1);
  }

  @Test
  void noneIsRestartedAfterOneThatIsLost() throws Exception {
    assertThatThrownBy(
            () ->
                restarts.inTurn(
                    host("tang1", Role.TANG),
                    () -> {},
                    () -> {
                      throw new HostException("it did not come back");
                    }))
        .hasMessage("it did not come back");
    assertThatThrownBy(
            () ->
                restarts.inTurn(
                    host("tang2", Role.TANG), () -> {}, () -> away(new CountDownLatch(0))))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("tang1 has not come back");
    assertThat(together).isEmpty();
    restarts.inTurn(host("workr1", Role.WORKER), () -> {}, () -> away(new CountDownLatch(0)));
    assertThat(together).containsExactly(1);
  }

  private Remote away(CountDownLatch back) {
    together.add(down.incrementAndGet());
    try {
      assertThat(back.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    down.decrementAndGet();
    return null;
  }

  private static Host host(String name, Role role) {
    return new Host(
        "stats",
        new Hostname(name),
        Set.of(role),
        "ubuntu",
        22,
        Optional.empty(),
        InterfaceAddress.parse("192.168.3.247/16"),
        Optional.empty(),
        List.of(),
        1,
        1);
  }
}
