package org.workr.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.workr.value.SecretName;

/**
 * One thing that the engine can do to a host. The list is closed, so a plan holds no code of
 * workr's and can be printed and stored; what runs on the host is in it, word by word.
 *
 * <p>{@link OnHost} steps become one script and run as root in the order of the plan; the first
 * that fails ends the host's run. {@link OnController} steps happen between two scripts.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "step")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Step.Run.class, name = "run"),
  @JsonSubTypes.Type(value = Step.WriteFile.class, name = "write-file"),
  @JsonSubTypes.Type(value = Step.InstallPackages.class, name = "install-packages"),
  @JsonSubTypes.Type(value = Step.ControlUnit.class, name = "control-unit"),
  @JsonSubTypes.Type(value = Step.Reboot.class, name = "reboot"),
  @JsonSubTypes.Type(value = Step.Reconnect.class, name = "reconnect"),
  @JsonSubTypes.Type(value = Step.PinHostKeys.class, name = "pin-host-keys"),
  @JsonSubTypes.Type(value = Step.ProvePassword.class, name = "prove-password")
})
public sealed interface Step {

  /** A step that is part of a host's script. */
  sealed interface OnHost extends Step {}

  /** A step in which the controller takes part. */
  sealed interface OnController extends Step {}

  /**
   * Runs a command. It must be safe to repeat, because an interrupted run repeats it.
   *
   * @param argv program and arguments; never a secret among them
   * @param stdin a line for its stdin, which is otherwise empty
   */
  record Run(List<String> argv, Optional<SecretInput> stdin) implements OnHost {
    /** Copies the list. */
    public Run {
      argv = List.copyOf(argv);
    }
  }

  /**
   * Writes a file whole: to a neighbour, synced, renamed over the old one. Missing folders are made
   * with mode 0755.
   *
   * @param path absolute
   * @param content all of it
   * @param mode four octal digits
   * @param owner {@code user:group}
   */
  record WriteFile(String path, String content, String mode, String owner) implements OnHost {}

  /**
   * Installs Debian packages, waiting for other package managers to finish. Existing configuration
   * files stay, recommended packages are not taken along, and nothing is removed to make room.
   *
   * @param packages names
   * @param lockTimeout how long to wait for the lock
   */
  record InstallPackages(List<String> packages, Duration lockTimeout) implements OnHost {
    /** Copies the list. */
    public InstallPackages {
      packages = List.copyOf(packages);
    }
  }

  /**
   * Runs {@code systemctl VERB UNIT}.
   *
   * @param verb such as {@code restart} or {@code reload-or-restart}
   * @param unit full name
   */
  record ControlUnit(String verb, String unit) implements OnHost {}

  /**
   * Restarts the machine, and waits until it answers with a boot id that it did not have before.
   *
   * @param limit how long it may take
   * @param condition shell that root runs first: the step is done when it fails; empty when the
   *     machine is restarted in any case
   */
  record Reboot(Duration limit, Optional<String> condition) implements OnController {
    /** Restarts the machine in any case. */
    public Reboot(Duration limit) {
      this(limit, Optional.empty());
    }
  }

  /**
   * Leaves the connection and connects again. The host must prove the key that it proved before, or
   * one that was pinned for it since.
   *
   * @param where where it must be, and by which key
   * @param limit how long to try
   * @param rollback how long after that the host may need to be back where it was, all by itself;
   *     zero when it will not
   * @param otherwise what a person should know when it fails
   */
  record Reconnect(Where where, Duration limit, Duration rollback, String otherwise)
      implements OnController {
    /** Where the host is looked for. */
    public enum Where {
      /** Where it was, and then wherever it may be. */
      AS_BEFORE,
      /** At its final address only. */
      FINAL_ADDRESS,
      /** Where it was, by one of the keys that were just pinned: the one before counts no more. */
      NEW_HOST_KEYS
    }

    /** Connects again to a host that goes back to nothing by itself. */
    public Reconnect(Where where, Duration limit, String otherwise) {
      this(where, limit, Duration.ZERO, otherwise);
    }
  }

  /**
   * Reads the public keys {@code *.pub} in a folder of the host over the trusted connection and
   * stores them in the controller's known_hosts, as keys that the host may have from now on.
   *
   * @param folder absolute path on the host
   */
  record PinHostKeys(String folder) implements OnController {}

  /**
   * Opens a fresh connection and proves there that a password is the login password, by sudo where
   * sudo asks for one.
   *
   * @param password the password to prove
   */
  record ProvePassword(SecretName password) implements OnController {}

  /** A command without input. */
  static Run run(String... argv) {
    return new Run(List.of(argv), Optional.empty());
  }

  /** A command that reads a secret from stdin. */
  static Run run(SecretInput stdin, String... argv) {
    return new Run(List.of(argv), Optional.of(stdin));
  }

  /**
   * A POSIX shell script that ends at the first command that fails. Values must have been quoted by
   * {@link org.workr.render.Shell#quote}.
   */
  static Run shell(String script) {
    return run("sh", "-ec", script);
  }

  /** A file of root's. */
  static WriteFile file(String path, String content, String mode) {
    return new WriteFile(path, content, mode, "root:root");
  }
}
