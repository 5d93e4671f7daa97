package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;
import org.workr.value.Thumbprint;

class ClevisPolicyTest {
  private static final String THP = "WxSoCoMUxEJTBBqzd0ObRBAi9YkVLTiz0c4mGT2a2N0";

  @Test
  void readsNestedPins() {
    ClevisPolicy policy =
        ClevisPolicy.parse(
            "{\"pins\":{\"tang\":{\"thp\":\""
                + THP
                + "\",\"url\":\"http://a\"},"
                + "\"tpm2\":[{},{\"pcr_ids\":\"0,7\",\"pcr_bank\":\"sha256\"}],"
                + "\"sss\":{\"t\":1,\"pins\":{\"tang\":[{\"url\":\"http://b\"}]}}},\"t\":2}");
    assertThat(policy.sss())
        .isEqualTo(
            new Pin.Sss(
                2,
                List.of(
                    new Pin.Tang(HttpUrl.parse("http://a"), Optional.of(new Thumbprint(THP))),
                    new Pin.Tpm2(PcrBank.SHA1, List.of()),
                    new Pin.Tpm2(PcrBank.SHA256, List.of(0, 7)),
                    new Pin.Sss(
                        1, List.of(new Pin.Tang(HttpUrl.parse("http://b"), Optional.empty()))))));
    assertThat(policy.sss().all()).hasSize(6);
  }

  @Test
  void saysWhereTheBracesOfTheSeedsExampleDoNotMatch() {
    String seed =
        "{\"t\":2, \"pins\":{ \"tang\":[{\"url\":\"http://192.168.32.1\"},"
            + " {\"url\":\"http://192.168.32.2\"}, {\"url\":\"http://192.168.32.3\"}}]}}";
    int column = seed.indexOf("}}]}}") + 2;
    assertThatThrownBy(() -> ClevisPolicy.parse(seed))
        .hasMessageStartingWith("line 1, column " + column + ": '}' stands where ']' is expected");
  }

  @Test
  void readsTheSeedsOtherExample() {
    assertThat(
            ClevisPolicy.parse(
                    "{\"t\":2,\n  \"pins\":{\n    \"tang\":[\n      {\"url\":\"http://192.168.3.247\"},\n"
                        + "      {\"url\":\"http://192.168.3.248\"}\n    ]\n  }\n}")
                .sss()
                .pins())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "[];line 1, column 1: the policy is not an object",
        "{};line 1, column 1: the policy has no threshold",
        "{\"t\":1};line 1, column 1: the policy has no 'pins'",
        "{\"t\":1,\"pins\":{}};line 1, column 1: the policy has no 'pins'",
        "{\"t\":1,\"pins\":[]};line 1, column 15: pins is not an object",
        "{\"t\":\"1\"};line 1, column 6: 't' is not a number",
        "{\"t\":0};line 1, column 6: 't' is not a number from 1",
        "{\"t\":1.5};line 1, column 6: 't' is not a number",
        "{\"t\":99999999999};line 1, column 6: 't' is not a number",
        "{\"x\":1};line 1, column 2: there is no 'x' in the policy",
        "{\"t\":1,\"t\":1};line 1, column 8: 't' stands twice",
        "{\"t\":1,\"pins\":{\"tang\":\"http://a\"}};line 1, column 23: a tang pin is not an object",
        "{\"t\":1,\"pins\":{\"tang\":[1]}};line 1, column 24: a tang pin is not an object",
        "{\"t\":1,\"pins\":{\"tang\":{}}};line 1, column 23: a tang pin has no 'url'",
        "{\"t\":1,\"pins\":{\"tang\":{\"url\":1}}};line 1, column 30: 'url' is not a text",
        "{\"t\":1,\"pins\":{\"tang\":{\"url\":\"a\"}}};line 1, column 30: 'a' is not the URL",
        "{\"t\":1,\"pins\":{\"tang\":{\"adv\":\"a\"}}};line 1, column 24: there is no 'adv'",
        "{\"t\":1,\"pins\":{\"tpm2\":{\"pcr_ids\":\"24\"}}};line 1, column 34: '24' is not a list",
        "{\"t\":1,\"pins\":{\"tpm2\":{\"pcr_bank\":\"md5\"}}};line 1, column 35: 'md5' is not a bank",
        "{\"t\":1,,\"pins\":{}};line 1, column 8: not JSON at ','",
        "{\"t\":1 \"pins\":{}};line 1, column 8: not JSON at '\"'",
        "{t:1};line 1, column 2: not JSON at 't'",
        "{\"t\":1,\"pins\":{\"tang\":{\"url\":\"http://a\"}}}x;line 1, column 43: not JSON at 'x'",
        "{\"t\":1,\"pins\":{\"tang\":{\"url\":\"http://a\"}}} {};line 1, column 44: there is something behind",
        "{\"t\":1,\"pins\":{\"tang\":{\"url\":\"http://a\"}},};line 1, column 43: not JSON at '}'",
        "{\"t\":1,//;line 1, column 8: not JSON at '/'",
      })
  void saysWhatIsWrongAndWhere(String json, String message) {
    assertThatThrownBy(() -> ClevisPolicy.parse(json))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesEndlessNesting() {
    assertThatThrownBy(() -> ClevisPolicy.parse("{\"t\":1,\"pins\":{\"sss\":".repeat(5000)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void isWhatUnlockSays() {
    UnlockSpec unlock =
        new UnlockSpec(
            1,
            List.of(new TangServer(HttpUrl.parse("http://a"), Optional.of(new Thumbprint(THP)))),
            Optional.of(new Tpm2Spec(List.of(7), PcrBank.SHA256)));
    assertThat(unlock.policy())
        .isEqualTo(
            ClevisPolicy.parse(
                "{\"t\":1,\"pins\":{\"tang\":{\"url\":\"http://a\",\"thp\":\""
                    + THP
                    + "\"},"
                    + "\"tpm2\":{\"pcr_ids\":\"7\",\"pcr_bank\":\"sha256\"}}}"));
  }
}
