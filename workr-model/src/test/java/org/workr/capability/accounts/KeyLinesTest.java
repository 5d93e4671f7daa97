package org.workr.capability.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.value.SshPublicKey;

class KeyLinesTest {
  private static final SshPublicKey MINE =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFam9+1xECXkCrViOFP5TDAor5odqmc1PE35OeParqci me");
  private static final String OTHER =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9 you";

  private static String with(String content, boolean exclusive) {
    KeyLines once = new KeyLines(content).with(List.of(MINE), exclusive);
    assertThat(once.with(List.of(MINE), exclusive)).as("done twice").isEqualTo(once);
    return once.content();
  }

  @Test
  void aMissingKeyIsAppended() {
    assertThat(with("", false)).isEqualTo(MINE.line() + "\n");
    assertThat(with("# mine\n\n" + OTHER + "\n", false))
        .isEqualTo("# mine\n\n" + OTHER + "\n" + MINE.line() + "\n");
  }

  @Test
  void aKeyThatIsThereStaysAsItIs() {
    for (String line :
        List.of(
            MINE.line(),
            "  " + MINE.type() + "\t" + MINE.blob(),
            MINE.type() + " " + MINE.blob() + " with another comment",
            "no-pty,from=\"10.*,\\\"x y\\\"\" " + MINE.line(),
            "environment=\"command=1\" " + MINE.line())) {
      assertThat(with(line + "\n", true)).isEqualTo(line + "\n");
    }
  }

  @Test
  void aDeclaredKeyThatMayOnlyRunACommandIsFreed() {
    for (String options :
        List.of("command=\"echo 'no'; exit 1\"", "no-pty,Command=\"x\"", "cert-authority")) {
      assertThat(with(options + " " + MINE.line() + "\n", false)).isEqualTo(MINE.line() + "\n");
    }
  }

  @Test
  void otherKeysGoOnlyWhenTheDeclaredOnesAreExclusive() {
    String restricted = "command=\"borg serve\",restrict " + OTHER;
    String content = "# note\n" + OTHER + "\n" + restricted + "\nnot a key\n" + MINE.line() + "\n";

    assertThat(with(content, false)).isEqualTo(content);
    assertThat(with(content, true)).isEqualTo("# note\nnot a key\n" + MINE.line() + "\n");
  }

  @Test
  void othersAreNamedByFingerprintAndComment() {
    String content =
        MINE.line()
            + "\ncommand=\"borg serve\" "
            + OTHER
            + "\nno-pty "
            + OTHER
            + " and\u001bme\nssh-rsa A=A broken\n";

    assertThat(new KeyLines(content).others(List.of(MINE)))
        .containsExactly(SshPublicKey.parse(OTHER).fingerprint() + " you and?me", "ssh-rsa broken");
  }

  @Test
  void aKeyInAnOptionOrCommentIsNone() {
    String quoted = "command=\"echo " + MINE.type() + " " + MINE.blob() + "\" " + OTHER;
    assertThat(with(quoted + "\n#" + MINE.line() + "\n", false))
        .isEqualTo(quoted + "\n#" + MINE.line() + "\n" + MINE.line() + "\n");
  }
}
