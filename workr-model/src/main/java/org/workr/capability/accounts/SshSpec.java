package org.workr.capability.accounts;

import java.time.Duration;
import java.util.List;
import org.workr.binding.Doc;
import org.workr.binding.Range;
import org.workr.value.FilePath;
import org.workr.value.Fingerprint;
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
            defaultValue = "~/.ssh/id_ed25519")
        FilePath privateKey,
    @Doc(
            value = "Public keys that may log in as the user on every host.",
            otherwise = "the keys that are there stay")
        List<AuthorizedKey> authorizedKeys,
    @Doc(value = "Longest wait for a connection to be there.", defaultValue = "10s")
        @Range(min = "1s", max = "5m")
        Duration connectTimeout) {

  /** Copies the lists. */
  public SshSpec {
    hostKey = List.copyOf(hostKey);
    authorizedKeys = List.copyOf(authorizedKeys);
  }

  /** The same with other authorized keys: what files and URLs were found to hold. */
  public SshSpec withAuthorizedKeys(List<AuthorizedKey> keys) {
    return new SshSpec(user, port, hostKey, privateKey, keys, connectTimeout);
  }
}
