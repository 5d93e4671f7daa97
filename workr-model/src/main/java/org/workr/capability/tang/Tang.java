package org.workr.capability.tang;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.disk.Rekey;
import org.workr.capability.platform.Platform;
import org.workr.facts.Fact;
import org.workr.facts.Reading;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Host;
import org.workr.value.Role;

/**
 * A Tang server on the hosts that have the role: installed, listening, with keys of its own. Keys
 * that are replaced stay, hidden, because disks that are bound to them need them until they are
 * bound anew (tang(8), "Key rotation").
 */
public final class Tang implements Capability<Serving> {
  private static final List<String> PACKAGES = List.of("jose", "tang");

  /** Where it listens when nobody says anything else. */
  private static final int STANDARD = 80;

  /**
   * The old ones are hidden first. When this is interrupted then, tangd makes keys by itself as
   * soon as it is asked for some, and goes on to unlock what is bound to the old ones. They are
   * hidden under their thumbprints, as names that somebody chose may be hidden already. A key that
   * is older than the machine's id is taken for the template's, so a clock that was set back is
   * corrected.
   */
  private static final String NEW_KEYS =
      """
      umask 077
      keygen=$(PATH=/usr/libexec:/usr/lib:/usr/lib/$(uname -m)-linux-gnu:$PATH command -v tangd-keygen)
      rm -rf KEYS/.workr-*
      new=$(mktemp -d KEYS/.workr-XXXXXX)
      "$keygen" "$new" >/dev/null
      [ "$(ls "$new" | grep -c '\\.jwk$')" -eq 2 ]
      for key in "$new"/*.jwk; do
        [ ! "$key" -ot /etc/machine-id ] || touch -r /etc/machine-id "$key"
        sync "$key"
      done
      for old in KEYS/*.jwk; do
        [ -e "$old" ] || continue
        if thumbprint=$(jose jwk thp -i "$old" -a S256 2>/dev/null); then mv "$old" "KEYS/.$thumbprint.jwk"
        else mv "$old" "$old.broken"
        fi
      done
      mv "$new"/*.jwk KEYS/
      rmdir "$new"
      sync KEYS
      """
          .replace("KEYS", TangState.KEYS);

  private final Optional<Rekey> rekey;

  /** Makes Tang servers as declared. */
  public Tang() {
    rekey = Optional.empty();
  }

  /** Replaces keys besides. */
  public Tang(Rekey rekey) {
    this.rekey = Optional.of(rekey);
  }

  @Override
  public String name() {
    return "tang";
  }

  @Override
  public Set<Fact<?>> facts(Serving spec, Host host) {
    return host.roles().contains(Role.TANG)
        ? Set.of(TangState.fact(spec.tang()), Platform.CLOCK, Platform.CONTROLLER_CLOCK)
        : Set.of();
  }

  @Override
  public Findings plan(Serving spec, Situation situation) {
    Findings.Builder out = situation.findings(name());
    if (situation.host().roles().contains(Role.TANG)) {
      situation
          .require(TangState.fact(spec.tang()), out)
          .ifPresent(state -> plan(spec, state, situation, out));
    }
    return out.build();
  }

  private void plan(Serving spec, TangState state, Situation situation, Findings.Builder out) {
    int port = spec.tang().port();
    List<String> others =
        state.listeners().stream().filter(program -> !program.equals("systemd")).toList();
    if (!others.isEmpty()) {
      out.error(
          "its port " + port + " is taken by " + String.join(", ", others),
          "Stop that program, or give Tang another port: <tang><port>, and the same in the URLs under"
              + " <unlock>.");
      return;
    }
    List<String> missing = new ArrayList<>(PACKAGES);
    missing.removeAll(state.packages());
    if (!missing.isEmpty()) {
      out.change(
          Stage.SYSTEM,
          Action.CREATE,
          "packages",
          "",
          String.join(", ", missing),
          new Step.InstallPackages(missing, Duration.ofMinutes(10)));
    }
    if (!state.unread()) { // or else what they are is known when jose is there
      broken(state, out);
      keys(spec, state, situation, out);
    }
    socket(port, state, out);
  }

  /** What a power cut has left: tangd passes over it, and so would nobody know of it. */
  private static void broken(TangState state, Findings.Builder out) {
    if (!state.broken().isEmpty()) {
      out.change(
          Stage.SYSTEM,
          Action.DELETE,
          "broken-keys",
          String.join("\n", state.broken()),
          "",
          Step.shell(
              state.broken().stream()
                  .map(name -> Shell.quote(TangState.KEYS + "/" + name))
                  .map(file -> "[ ! -e " + file + " ] || mv " + file + " " + file + ".broken\n")
                  .collect(joining())));
    }
  }

  private void keys(Serving spec, TangState state, Situation situation, Findings.Builder out) {
    boolean clone =
        situation.earlier().stream().anyMatch(c -> c.id().equals("identity.machine-id"));
    boolean own = !clone && state.keys().stream().allMatch(TangState.Key::own);
    boolean due =
        rekey
            .map(request -> request.onTheClockOf(situation))
            .filter(
                request ->
                    state.signing().stream()
                        .allMatch(key -> request.due(Rekey.Part.TANG, key.since())))
            .isPresent();
    if (!state.complete() || !own || due) {
      out.change(
          Stage.SYSTEM,
          state.keys().isEmpty() ? Action.CREATE : Action.UPDATE,
          "keys",
          state.keys().isEmpty() ? "" : (own ? "" : "the template's, ") + thumbprints(state),
          "made anew on this machine" + (state.keys().isEmpty() ? "" : "; the old ones are kept"),
          Step.shell(NEW_KEYS));
      return;
    }
    otherPin(spec, state, situation)
        .ifPresent(
            pin ->
                out.warning(
                    "disks are to be bound to its key '"
                        + pin
                        + "', and it advertises "
                        + thumbprints(state),
                    "Put the thumbprint that it advertises into the pom, for "
                        + url(spec, situation)
                        + ", and provision the hosts whose disks are bound to it."));
  }

  /** A thumbprint that the pom pins and that is none of this server's. */
  private static Optional<String> otherPin(Serving spec, TangState state, Situation situation) {
    return spec.pinned(situation.host())
        .filter(pin -> state.signing().stream().noneMatch(key -> key.thumbprint().equals(pin)));
  }

  /** A port that it listens on stays, as disks may be bound to it. */
  private static void socket(int port, TangState state, Findings.Builder out) {
    boolean installed = state.packages().contains("tang");
    boolean configured = installed ? state.ports().contains(port) : port == STANDARD;
    boolean runs = state.active().equals("active") && state.listeners().contains("systemd");
    if (configured && runs && state.enabled().equals("enabled")) {
      return;
    }
    Set<Integer> all = new TreeSet<>(installed ? state.ports() : Set.of());
    all.add(port);
    List<Step> steps = new ArrayList<>();
    if (!configured) {
      Set<Integer> extra = new TreeSet<>(state.extraPorts());
      extra.add(port);
      steps.add(
          Step.file(
              TangState.DROP_IN,
              "# Written by workr. Remove a port when no disk is bound to it any more.\n[Socket]\n"
                  + (state.onlyExtra() || !installed ? "ListenStream=\n" : "")
                  + extra.stream().map(p -> "ListenStream=" + p + "\n").collect(joining()),
              "0644"));
      steps.add(Step.run("systemctl", "daemon-reload"));
    }
    steps.add(Step.run("systemctl", "enable", "--quiet", TangState.SOCKET));
    steps.add(new Step.ControlUnit("restart", TangState.SOCKET));
    out.change(
        Stage.SYSTEM,
        installed ? Action.UPDATE : Action.CREATE,
        "socket",
        installed
            ? (state.ports().isEmpty() ? "" : "port " + words(state.ports()) + ", ")
                + state.active()
                + ", "
                + state.enabled()
            : "",
        "port " + words(all) + ", active, enabled",
        steps.toArray(Step[]::new));
  }

  @Override
  public List<StatusLine> status(Serving spec, Situation situation) {
    if (!(situation.host().roles().contains(Role.TANG)
        && situation.get(TangState.fact(spec.tang())) instanceof Reading.Known<TangState> known)) {
      return List.of();
    }
    TangState state = known.value();
    if (!state.active().equals("active") || !state.complete()) {
      return List.of(StatusLine.bad("tang", "does not serve: provision it"));
    }
    TangState.Key key = state.signing().get(0);
    boolean clone = !state.keys().stream().allMatch(TangState.Key::own);
    return List.of(
        new StatusLine(
            "tang",
            url(spec, situation)
                + ", thumbprint "
                + thumbprints(state)
                + (clone ? ", the template's" : "")
                + ", "
                + StatusLine.age(key.since(), situation.get(Platform.CLOCK))
                + (state.kept() == 0 ? "" : "; " + state.kept() + " older keys are kept"),
            clone || otherPin(spec, state, situation).isPresent()));
  }

  private static String url(Serving spec, Situation situation) {
    return spec.url(situation.host());
  }

  private static String words(Set<Integer> ports) {
    return new TreeSet<>(ports).stream().map(String::valueOf).collect(joining(", "));
  }

  private static String thumbprints(TangState state) {
    return String.join(", ", state.signing().stream().map(TangState.Key::thumbprint).toList());
  }
}
