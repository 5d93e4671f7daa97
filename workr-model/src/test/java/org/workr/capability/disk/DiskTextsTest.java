package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The long scripts, each once, so that plans only name them. {@code -Dworkr.golden.update=true}
 * writes them anew; plans that hold a text that has changed need a second run then.
 */
class DiskTextsTest {
  private static final Path TEXTS = Path.of("src/test/resources/golden/capability/disk/texts");

  @TestFactory
  Stream<DynamicTest> textsAreAsWritten() {
    return texts().entrySet().stream()
        .map(
            text ->
                DynamicTest.dynamicTest(
                    text.getKey(), () -> check(TEXTS.resolve(text.getKey()), text.getValue())));
  }

  private static void check(Path file, String text) throws IOException {
    if (Boolean.getBoolean("workr.golden.update")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }

  /** All of a script that is the same for every host; what goes before it decides on no line. */
  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("library", after(LuksShell.LIBRARY, "exit 1; }\n"));
    texts.put("add-passphrase", PassphraseChange.ADD);
    texts.put("prove-passphrase", PassphraseChange.PROVE);
    texts.put("old-passphrase-gone", PassphraseChange.GONE);
    texts.put("retire-begin", before(PassphraseChange.RETIRE, "set -- SLOTS"));
    texts.put(
        "retire-each", between(PassphraseChange.RETIRE, "set -- SLOTS\n", "note workr-passphrase"));
    texts.put("bind-begin", before(BindingChange.BIND, "policy=POLICY"));
    texts.put("bind", between(BindingChange.BIND, "POLICY\n", "UNLOCK"));
    texts.put("bind-end", after(after(BindingChange.BIND, "UNLOCK"), "||\n"));
    texts.put("remove-begin", before(BindingChange.REMOVE, "keep=KEEP"));
    texts.put("remove-each", after(BindingChange.REMOVE, "KEEP\n"));
    texts.put("begin-reencryption", VolumeKeyChange.BEGIN);
    texts.put("start-begin", before(VolumeKeyChange.START, ReencryptionEnd.FUNCTION));
    texts.put("end-reencryption", ReencryptionEnd.FUNCTION);
    texts.put("end-left-over", between(VolumeKeyChange.START, ReencryptionEnd.FUNCTION, "PROVE\n"));
    texts.put("start-reencryption", between(VolumeKeyChange.START, "PROVE\n", "  /bin/sh"));
    texts.put("boot-hook", EndScript.HOOK);
    texts.put("boot-script", EndScript.SCRIPT);
    texts.put("feed-reencryption", after(VolumeKeyChange.START, "\"$run/key\"\n"));
    texts.put(
        "watch-reencryption",
        between(VolumeKeyChange.PROBE, "run=/run/workr/reencrypt-$u\n", "esac"));
    texts.put("finish-reencryption", VolumeKeyChange.FINISH);
    texts.put("clean-begin", before(Leftovers.CLEAN, "for id in TOKENS"));
    texts.put("clean-tokens", between(Leftovers.CLEAN, "TOKENS; do\n", "for slot"));
    texts.put("clean-slots", after(Leftovers.CLEAN, "SLOTS; do\n"));
    texts.put("unlock-proven", UnlockProof.PROVEN);
    texts.put("erase", Erasure.ERASE);
    texts.put("images-begin", before(UnlockImage.CHECK, "  for file in PARTS"));
    texts.put("images", after(UnlockImage.CHECK, "PARTS; do\n"));
    return texts;
  }

  private static String before(String text, String mark) {
    assertThat(text).contains(mark);
    return text.substring(0, text.indexOf(mark));
  }

  private static String after(String text, String mark) {
    assertThat(text).contains(mark);
    return text.substring(text.indexOf(mark) + mark.length());
  }

  private static String between(String text, String from, String to) {
    return before(after(text, from), to);
  }
}
