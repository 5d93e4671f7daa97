package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.name;
import static org.workr.secret.Canary.secret;
import static org.workr.secret.Canary.text;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SecretTest {

  @Test
  void takesWhatItIsGiven() {
    char[] given = Canary.VALUE.toCharArray();
    Secret secret = Secret.take(name("stats.luks"), given);

    assertThat(given).containsOnly('\0');
    assertThat(text(secret)).isEqualTo(Canary.VALUE);
  }

  @Test
  void revealsUtf8AndWipesTheCopyAlsoAfterAnException() {
    List<byte[]> lent = new ArrayList<>();
    Secret secret = secret("stats.luks", Canary.VALUE);

    assertThat(
            secret.<String>reveal(
                bytes -> {
                  lent.add(bytes);
                  return new String(bytes, StandardCharsets.UTF_8);
                }))
        .isEqualTo(Canary.VALUE);
    assertThatThrownBy(
            () ->
                secret.reveal(
                    bytes -> {
                      lent.add(bytes);
                      throw new IllegalStateException("x");
                    }))
        .hasMessage("x");

    assertThat(lent).hasSize(2).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void isWipedWhenClosed() {
    Secret secret = secret("stats.luks", Canary.VALUE);
    secret.close();
    secret.close();

    assertThatThrownBy(secret::copy)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Secret[stats.luks] was wiped before it was used");
    assertThatThrownBy(() -> secret.reveal(bytes -> 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void cannotBecomeText() throws Exception {
    Secret secret = secret("stats.luks", Canary.VALUE);

    assertThat(secret).hasToString("Secret[stats.luks]");
    assertThat(String.format("%s %s", secret, List.of(secret))).doesNotContain(Canary.VALUE);
    assertThatThrownBy(
            () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(secret))
        .isInstanceOf(NotSerializableException.class);
    assertThat(json(secret)).doesNotContain("c4n");
  }

  /** Fails, or says nothing: either is fine. */
  private static String json(Object value) {
    try {
      return new JsonMapper().writeValueAsString(value);
    } catch (RuntimeException e) {
      return Canary.trace(e);
    }
  }

  @Test
  void twoAreNeverEqualButCanBeCompared() {
    Secret one = secret("stats.luks", Canary.VALUE);
    Secret same = secret("stats.luks", Canary.VALUE);

    assertThat(one).isNotEqualTo(same);
    assertThat(one.sameAs(same)).isTrue();
    assertThat(one.sameAs(secret("stats.luks", Canary.VALUE + "x"))).isFalse();
  }

  @Test
  void aCopyUnderAnotherNameLivesOnItsOwn() {
    Secret one = secret("stats.luks", Canary.VALUE);
    Secret other = one.as(name("stats.workr1.luks"));
    one.close();

    assertThat(other).hasToString("Secret[stats.workr1.luks]");
    assertThat(text(other)).isEqualTo(Canary.VALUE);
  }
}
