package org.workr.capability.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
import org.workr.value.Host;
import org.workr.value.InvalidValueException;

/**
 * Which R processes are ended. They are known by the label of the session that has started them,
 * which stands in their arguments, and never by what they are called: somebody else's have the same
 * name.
 *
 * @param session the label of one; empty for all that nobody watches over any more, in any session
 */
public record Reap(Optional<String> session) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]+-[0-9a-f]{8}");

  /**
   * Lines of {@code session LABEL PROCESSES ORPHANS}, from what {@code docker top} has printed:
   * init is the parent of those left behind.
   */
  static final String PROBE =
      """
      init=$(docker inspect -f '{{.State.Pid}}' CONTAINER)
      printf '%s\\n' "$top" | awk -v init="$init" '
        / [^ ]*\\/exec\\/R / && match($0, /workr-session=CLUSTER-[0-9a-f]+/) {
          label = substr($0, RSTART + 14, RLENGTH - 14); all[label]++; left[label] += $2 == init }
        END { for (label in all) print "session", label, all[label], left[label] }' | sort
      """;

  private static final String END =
      """
      these() {
        init=$(docker inspect -f '{{.State.Pid}}' CONTAINER) &&
          docker top CONTAINER -eo pid,ppid,args | awk -v init="$init" '/ [^ ]*\\/exec\\/R / && /workr-session=WHICH/ && (ORPHAN) { print $1 }'
      }
      for signal in TERM KILL; do
        pids=$(these)
        [ -n "$pids" ] || exit 0
        kill -s "$signal" $pids || :
        sleep 3
      done
      [ -z "$(these)" ]""";

  /** Refuses what is no label. */
  public Reap {
    session
        .filter(label -> !LABEL.matcher(label).matches())
        .ifPresent(
            label -> {
              throw new InvalidValueException(
                  "'" + label + "' is not the label of a session",
                  "mvn workr:status shows them, such as stats-0a1b2c3d.");
            });
  }

  /** R processes of a session. */
  record Session(int processes, int orphans) {}

  void plan(ContainerState state, Host host, Findings.Builder out) {
    Map<String, Session> ended = new TreeMap<>(state.sessionsByLabel());
    ended.entrySet().removeIf(entry -> number(entry) == 0);
    if (ended.isEmpty()) {
      return;
    }
    List<String> before =
        ended.entrySet().stream()
            .map(entry -> number(entry) + " R processes of " + entry.getKey())
            .toList();
    out.change(
        Stage.SYSTEM,
        Action.DELETE,
        "r-processes",
        String.join("\n", before),
        "",
        Step.shell(
            Placeholders.fill(
                END,
                ContainerPaths.and(
                    Map.of(
                        "WHICH",
                        session.map(label -> label + "( |$)").orElse(host.cluster() + "-"),
                        "ORPHAN",
                        session.isPresent() ? "1" : "$2 == init")))));
  }

  private int number(Map.Entry<String, Session> entry) {
    return session
        .map(label -> label.equals(entry.getKey()) ? entry.getValue().processes() : 0)
        .orElse(entry.getValue().orphans());
  }
}
