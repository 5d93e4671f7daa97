package org.workr.facts;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.value.SecretName;

/**
 * All probes of one host as one shell script, and the way back from its output to {@link Facts}.
 *
 * <p>Each probe runs in a subshell of its own, so one that fails spoils no other. Sections are
 * framed by lines with a boundary that the caller makes up at random, so no output can pretend to
 * be a frame.
 *
 * @param facts what is asked, without repetition
 * @param boundary 16 to 64 letters and digits that no probe prints
 */
public record ProbeScript(List<Fact<?>> facts, String boundary) {

  /** Drops repeated facts. */
  public ProbeScript {
    facts = List.copyOf(new LinkedHashSet<>(facts));
    if (!boundary.matches("[A-Za-z0-9]{16,64}")) {
      throw new IllegalArgumentException("not a boundary: " + boundary);
    }
  }

  /** A script for {@code facts}. */
  public static ProbeScript of(Collection<? extends Fact<?>> facts, String boundary) {
    return new ProbeScript(List.copyOf(facts), boundary);
  }

  /** The secrets that the script reads from stdin, one per line, in this order. */
  public List<SecretName> secrets() {
    return facts.stream().flatMap(fact -> fact.secrets().stream()).distinct().toList();
  }

  /** The shell text. */
  public String script() {
    StringBuilder script = new StringBuilder();
    List<SecretName> secrets = secrets();
    for (int i = 0; i < secrets.size(); i++) {
      script.append("IFS= read -r workr_secret_").append(i).append('\n');
    }
    // First, since the host's clock is among them, and the controller looks at its own now.
    List<Fact<?>> perl = new ArrayList<>(facts);
    perl.removeIf(fact -> !fact.perl());
    if (!perl.isEmpty()) {
      script.append(PerlProbes.script(perl, boundary)).append(" || ").append(unknown(perl));
    }
    Map<String, List<Fact<?>>> sharing = new LinkedHashMap<>();
    facts.stream()
        .filter(fact -> !fact.perl())
        .forEach(
            fact -> sharing.computeIfAbsent(fact.shared(), unused -> new ArrayList<>()).add(fact));
    sharing.forEach(
        (shared, group) -> {
          script.append(shared.isEmpty() ? "" : "(\n" + shared + "\n");
          group.forEach(fact -> section(fact, secrets, script));
          script.append(shared.isEmpty() ? "" : ") </dev/null || " + unknown(group));
        });
    return script.toString();
  }

  /** Says of each of {@code group} that its probe has failed. */
  private String unknown(List<Fact<?>> group) {
    return "for id in "
        + group.stream().map(Fact::id).collect(joining(" "))
        + "; do printf '%s begin %s\\n\\n%s end 1\\n' "
        + boundary
        + " \"$id\" "
        + boundary
        + "; done\n";
  }

  private void section(Fact<?> fact, List<SecretName> secrets, StringBuilder script) {
    script.append("printf '%s\\n' '").append(boundary).append(" begin ").append(fact.id());
    script.append("'\n");
    if (!fact.secrets().isEmpty()) {
      script.append("printf '%s\\n'");
      for (SecretName secret : fact.secrets()) {
        script.append(" \"$workr_secret_").append(secrets.indexOf(secret)).append('"');
      }
      script.append(" | ");
    }
    script.append("(\n").append(fact.own()).append("\n)");
    script.append(fact.secrets().isEmpty() ? " </dev/null\n" : "\n");
    script.append("printf '\\n%s %s\\n' '").append(boundary).append(" end' \"$?\"\n");
  }

  /**
   * The facts in the script's output. A probe whose section is missing or cut off is unknown.
   *
   * @param lines stdout of the script, line by line; lines outside of sections are ignored
   */
  public Facts parse(List<String> lines) {
    Map<String, Facts.Section> sections = new LinkedHashMap<>();
    String begin = boundary + " begin ";
    String end = boundary + " end ";
    Optional<String> open = Optional.empty();
    List<String> body = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(begin)) {
        open = Optional.of(line.substring(begin.length()));
        body.clear();
      } else if (line.startsWith(end) && open.isPresent()) {
        int status = Integer.parseInt(line.substring(end.length()));
        sections.put(
            open.get(), new Facts.Section(status, String.join("\n", body).stripTrailing()));
        open = Optional.empty();
      } else {
        body.add(line);
      }
    }
    return new Facts(sections);
  }
}
