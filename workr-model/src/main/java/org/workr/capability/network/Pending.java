package org.workr.capability.network;

import java.util.Optional;
import org.workr.facts.Fact;

/**
 * A change that an earlier run began and that nobody confirmed, or the end it came to.
 *
 * @param backend of the change that waits to be confirmed, or is being taken back; empty when none
 *     does
 * @param networkInterface of that change
 * @param armed whether the timer that takes it back runs
 * @param rolledBack why the last change was taken back; empty when it was not
 */
record Pending(
    Optional<String> backend,
    Optional<String> networkInterface,
    boolean armed,
    Optional<String> rolledBack) {

  static final Fact<Pending> FACT =
      Fact.of(
          "network.pending",
          """
          [ -e HOME ] || { echo 'backend -'; exit 0; }
          cd HOME || exit 1
          open=pending
          [ -e pending ] || open=going-back
          if [ -e "$open" ]; then
            read -r _ backend interface <"$open" || exit 1
            echo "backend $backend"
            echo "interface $interface"
            timer=$(systemctl is-active 'workr-network-rollback-*.timer' | sort | head -n 1)
            echo "timer ${timer:--}"
          else
            echo 'backend -'
            [ ! -s rolled-back ] || echo "rolled-back $(head -n 1 rolled-back)"
          fi
          """
              .replace("HOME", Deadman.HOME),
          Pending::parse);

  private static Pending parse(String text) {
    KeyedLines lines = KeyedLines.parse(text);
    return new Pending(
        lines.first("backend"),
        lines.first("interface"),
        lines.first("timer").orElse("").equals("active"),
        lines.first("rolled-back"));
  }

  /** Whether something waits to be confirmed. */
  boolean open() {
    return backend.isPresent();
  }

  /** Whether what waits is a change of something else than {@code wanted}'s interface. */
  boolean elsewhere(Backend wantedBackend, String wantedInterface) {
    return open()
        && !(backend.equals(Optional.of(wantedBackend.name()))
            && networkInterface.equals(Optional.of(wantedInterface)));
  }
}
