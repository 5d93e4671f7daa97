package org.workr.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.value.Hostname;
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
  @JsonSubTypes.Type(value = Step.ProvePassword.class, name = "prove-password"),
  @JsonSubTypes.Type(value = Step.MakeSecret.class, name = "make-secret"),
  @JsonSubTypes.Type(value = Step.PromoteSecret.class, name = "promote-secret"),
  @JsonSubTypes.Type(value = Step.ForgetSecret.class, name = "forget-secret"),
  @JsonSubTypes.Type(value = Step.StoreHeader.class, name = "store-header"),
  @JsonSubTypes.Type(value = Step.DestroyHeaders.class, name = "destroy-headers"),
  @JsonSubTypes.Type(value = Step.KeepInLock.class, name = "keep-in-lock"),
  @JsonSubTypes.Type(value = Step.CopyImage.class, name = "copy-image"),
  @JsonSubTypes.Type(value = Step.Await.class, name = "await")
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
   * @param stdin lines for its stdin, which is otherwise empty
   */
  record Run(List<String> argv, List<SecretInput> stdin) implements OnHost {
    /** Copies the lists. */
    public Run {
      argv = List.copyOf(argv);
      stdin = List.copyOf(stdin);
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

  /**
   * Makes up what is to replace a secret, and stores it on the controller as pending, before any
   * host has it. One that is pending already stays, because a host may have it.
   *
   * @param secret the one to be replaced; it has to be in the project's keystore
   */
  record MakeSecret(SecretName secret) implements OnController {}

  /**
   * Makes the pending secret the one in use, in one write. The one that was in use until then is
   * kept under the name of {@link SecretName#current}. Without a pending one nothing happens.
   *
   * @param secret the one in use
   */
  record PromoteSecret(SecretName secret) implements OnController {}

  /**
   * Takes a secret out of the project's keystore, because nothing opens with it any more. One that
   * is not there is fine.
   *
   * @param secret its name
   */
  record ForgetSecret(SecretName secret) implements OnController {}

  /**
   * Stores a copy of a LUKS header on the controller, encrypted, and destroys the older ones of the
   * same device.
   *
   * @param uuid of the LUKS device
   */
  record StoreHeader(String uuid) implements OnController {}

  /**
   * Destroys the controller's copies of a LUKS header, because putting one back would destroy data.
   *
   * @param uuid of the LUKS device
   */
  record DestroyHeaders(String uuid) implements OnController {}

  /**
   * Writes lines that the host prints to the lock of the containers in the project.
   *
   * @param what they are, for a person
   * @param probe shell that root runs
   */
  record KeepInLock(String what, String probe) implements OnController {}

  /**
   * Copies a container image from another host, straight from there: the controller only brings the
   * two together.
   *
   * @param source the host that has it
   * @param image its id, which what arrives is checked against
   */
  record CopyImage(Hostname source, String image) implements OnController {}

  /**
   * Waits for work that goes on by itself on the host, also when the connection is lost or the
   * controller is gone. Unless the run is not to wait: then the host's run ends here, well.
   *
   * @param what goes on, for a person
   * @param probe shell that root runs; it prints one line: {@code running}, blank, and what a
   *     person should know of the progress, which changes as long as there is any; {@code done}; or
   *     {@code failed}, blank, and why
   * @param interval between two looks
   * @param stall how long there may be no progress
   */
  record Await(String what, String probe, Duration interval, Duration stall)
      implements OnController {}

  /** A command without input. */
  static Run run(String... argv) {
    return new Run(List.of(argv), List.of());
  }

  /** A command that reads a secret from stdin. */
  static Run run(SecretInput stdin, String... argv) {
    return new Run(List.of(argv), List.of(stdin));
  }

  /**
   * A POSIX shell script that reads secrets from stdin, a line each; see {@link #shell(String)}.
   */
  static Run shell(String script, SecretName... secrets) {
    return new Run(
        List.of("sh", "-ec", script), Stream.of(secrets).map(SecretInput::plain).toList());
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
