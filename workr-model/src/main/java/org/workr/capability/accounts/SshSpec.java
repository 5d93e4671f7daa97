package org.workr.capability.accounts;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.binding.Range;
import org.workr.capability.NeedsSecrets;
import org.workr.value.FilePath;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;
import org.workr.value.UserName;

/**
 * How workr reaches the hosts, and who else may.
 *
 * @param user the account that workr logs in as
 * @param port TCP port of sshd
 * @param hostKey fingerprints of the template's host keys
 * @param privateKey the key that workr logs in with
 * @param authorizedKeys who may log in as {@code user}
 * @param connectTimeout longest wait for a connection
 */
@Doc("How workr reaches the hosts, and which keys may log in.")
public record SshSpec(
    @Doc(
            value =
                "The account that workr logs in as. It must exist on the template and may use sudo.",
            example = "ubuntu")
        UserName user,
    @Doc(
            value = "TCP port of the SSH server, on the template and after provisioning.",
            defaultValue = "22")
        @Range(min = "1", max = "65535")
        int port,
    @Doc(
            value =
                "Fingerprints of the template's SSH host keys, as `ssh-keygen -lf"
                    + " /etc/ssh/ssh_host_ed25519_key.pub` prints them. A machine that shows another"
                    + " key is never talked to. Once a host has keys of its own, those are expected.",
            example = "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE",
            otherwise = "every worker declares its own")
        List<Fingerprint> hostKey,
    @Doc(
            value =
                "The private key that workr logs in with. Its passphrase, if it has one, is the secret"
                    + " `<cluster>.ssh`.",
            defaultValue = SshSpec.PRIVATE_KEY)
        FilePath privateKey,
    @Doc(
            value = "Public keys that may log in as the user on every host.",
            otherwise = "the keys that are there stay")
        List<AuthorizedKey> authorizedKeys,
    @Doc(value = "Longest wait for a connection to be there.", defaultValue = "30s")
        @Range(min = "1s", max = "5m")
        Duration connectTimeout)
    implements Checked, NeedsSecrets {
  /** Where the private key is when the pom does not say. */
  public static final String PRIVATE_KEY = "~/.ssh/id_ed25519";

  /** Copies the lists. */
  public SshSpec {
    hostKey = List.copyOf(hostKey);
    authorizedKeys = List.copyOf(authorizedKeys);
  }

  @Override
  public void check(Problems problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < authorizedKeys.size(); i++) {
      String part = "authorizedKeys[" + i + "]";
      if (problems.usable(part)
          && authorizedKeys.get(i) instanceof LiteralKey literal
          && !seen.add(literal.key().blob())) {
        problems.error(
            part,
            "the key " + literal.key().fingerprint() + " stands twice",
            "Remove one of them; that the comments differ does not make them two keys.");
      }
    }
  }

  @Override
  public List<SecretNeed> secrets(Host host) {
    return List.of(
        SecretNeed.ofCluster(
            host,
            "ssh",
            SecretKind.SSH_KEY_PASSPHRASE,
            false,
            "the passphrase of the private key " + privateKey + ", if it has one"));
  }

  /** The same with other authorized keys: what files and URLs were found to hold. */
  public SshSpec withAuthorizedKeys(List<AuthorizedKey> keys) {
    return new SshSpec(user, port, hostKey, privateKey, keys, connectTimeout);
  }
}
