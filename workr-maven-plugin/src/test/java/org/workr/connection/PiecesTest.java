package org.workr.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.value.Hostname;

/** The parts that every connection is made of. */
class PiecesTest {

  private static String written(Payload payload) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    payload.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aSecretPayloadWritesItsPiecesInOrder() throws Exception {
    char[] characters = "ü𝄞".toCharArray();
    byte[] bytes = {'b', '\n'};
    SecretPayload payload =
        new SecretPayload().text("a ").secret(characters).secret(bytes).text("end");
    assertThat(written(payload)).isEqualTo("a ü𝄞b\nend");
    assertThat(payload).hasToString("payload of 13 bytes");
    assertThat(characters).as("belongs to the caller").isEqualTo("ü𝄞".toCharArray());
    Arrays.fill(bytes, (byte) 0);
    assertThat(written(payload)).isEqualTo("a ü𝄞b\nend");
  }

  @Test
  void aWipedPayloadHoldsNothing() throws Exception {
    SecretPayload payload = new SecretPayload().secret("canary".toCharArray());
    payload.wipe();
    assertThat(written(payload)).isEmpty();
  }

  @Test
  void simplePayloads() throws Exception {
    assertThat(written(Payload.none())).isEmpty();
    assertThat(written(Payload.text("grüße"))).isEqualTo("grüße");
    assertThat(Payload.text("canary").toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000})
  void linesDoNotDependOnHowTheyArrive(int chunk) {
    byte[] bytes = "grüße\n\n∑𝄞\r\nlast".getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(lines::add);
    for (int at = 0; at < bytes.length; at += chunk) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk) + 7);
      splitter.take(part, Math.min(chunk, bytes.length - at));
    }
    assertThat(lines).containsExactly("grüße", "", "∑𝄞\r");
    splitter.end();
    assertThat(lines).containsExactly("grüße", "", "∑𝄞\r", "last");
    splitter.end();
    assertThat(lines).hasSize(4);
  }

  @Test
  void aLineOfTheGreatestLengthIsNotCut() {
    List<String> lines = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(lines::add);
    byte[] bytes = "x".repeat(Connection.LONGEST_LINE).getBytes(StandardCharsets.US_ASCII);
    splitter.take(bytes, bytes.length);
    splitter.take(new byte[] {'\n'}, 1);
    splitter.take(bytes, bytes.length);
    splitter.take(new byte[] {'y', '\n'}, 2);
    assertThat(lines.get(0)).hasSize(Connection.LONGEST_LINE);
    assertThat(lines.get(1)).hasSize(Connection.LONGEST_LINE + Connection.CUT_MARK.length());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65_535, 65_536, 65_537, 200_000})
  void aTailKeepsTheEnd(int chunk) {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + i % 26);
    }
    Tail tail = new Tail();
    for (int at = 0; at < bytes.length; at += chunk) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
      tail.take(part, part.length);
    }
    String all = new String(bytes, StandardCharsets.US_ASCII);
    assertThat(tail.text()).isEqualTo(all.substring(all.length() - Connection.STDERR_KEPT));
  }

  @Test
  void aTailDoesNotBeginWithHalfACharacter() {
    byte[] bytes = "𝄞".repeat(Connection.STDERR_KEPT / 4 + 1).getBytes(StandardCharsets.UTF_8);
    Tail tail = new Tail();
    tail.take(bytes, bytes.length);
    tail.take(new byte[] {'x'}, 1);
    assertThat(tail.text()).isEqualTo("𝄞".repeat(Connection.STDERR_KEPT / 4 - 1) + "x");
    Tail small = new Tail();
    small.take("x𝄞".getBytes(StandardCharsets.UTF_8), 5);
    assertThat(small.text()).isEqualTo("x𝄞");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_536, -1})
  void anEndpointHasAPort(int port) {
    assertThatThrownBy(() -> new Endpoint(new Hostname("workr1"), "::1", port, "me", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workr1: port " + port);
  }
}
