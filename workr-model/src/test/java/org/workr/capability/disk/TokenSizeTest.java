package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.planning.GoldenCase;

class TokenSizeTest {

  /** Of bindings that Clevis has made; none is smaller than estimated. */
  @ParameterizedTest
  @CsvSource({"provisioned,0", "policy-as-json-inner-two-down,10"})
  void isThatOfRealOnesOrLess(String name, int less) throws IOException {
    GoldenCase golden = GoldenCase.of(GoldenCase.ROOT.resolve("disk").resolve(name));
    Facts facts = new Facts(golden.before());
    LuksDevice device =
        ((Reading.Known<DiskState>) facts.get(DiskState.FACT)).value().devices().get(0);
    LuksHeader.Token token = device.binding().orElseThrow();
    Pin.Sss policy = golden.spec().disk().orElseThrow().unlocking().orElseThrow().sss();
    List<BoundPolicy.Tang> bound = BoundPolicy.of(token).orElseThrow().servers();
    List<TangAnswers.Usable> servers =
        policy.servers().stream()
            .map(
                tang ->
                    new TangAnswers.Usable(
                        tang,
                        bound.stream()
                            .filter(one -> one.isAt(tang.url().value()))
                            .findFirst()
                            .orElseThrow()
                            .advertised()))
            .toList();
    int real = token.json().toString().length();
    assertThat(TokenSize.of(policy, servers)).isBetween(real - less, real);
    assertThat(TokenSize.of(policy, List.of())).isLessThan(real);
    assertThat(device.header().orElseThrow().metadata().fixed()).isBetween(500, 800);
  }
}
