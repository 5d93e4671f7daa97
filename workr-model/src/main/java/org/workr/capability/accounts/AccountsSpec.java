package org.workr.capability.accounts;

import java.util.List;
import org.workr.binding.Doc;
import org.workr.capability.NeedsSecrets;
import org.workr.value.Host;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;

/**
 * What the account that workr logs in as may do.
 *
 * @param sudo whether sudo asks for a password
 * @param passwordLogin whether sshd accepts passwords
 * @param setPassword whether the login password is set
 * @param exclusiveKeys whether keys that are not declared are removed
 */
@Doc("The account that workr logs in as: password, sudo and keys.")
public record AccountsSpec(
    @Doc(
            value =
                "Whether sudo asks the user for the login password (`password`) or for nothing"
                    + " (`passwordless`).",
            defaultValue = "password")
        SudoMode sudo,
    @Doc(
            value =
                "Whether the SSH server accepts passwords. When it should not, that is switched off"
                    + " after a login with a key has been proven.",
            defaultValue = "false")
        boolean passwordLogin,
    @Doc(
            value = "Whether the user's password becomes the secret `<cluster>.<host>.login`.",
            defaultValue = "true")
        boolean setPassword,
    @Doc(
            value =
                "Whether keys that are not declared are removed from the user's authorized keys. The"
                    + " key that workr logs in with is never removed.",
            defaultValue = "false")
        boolean exclusiveKeys)
    implements NeedsSecrets {

  @Override
  public List<SecretNeed> secrets(Host host) {
    String account = host.user() + " on " + host.hostname();
    return List.of(
        setPassword
            ? SecretNeed.installedOn(
                host,
                "login",
                SecretKind.LOGIN_PASSWORD,
                "becomes the login password of " + account)
            : SecretNeed.ofHost(
                host,
                "login",
                SecretKind.LOGIN_PASSWORD,
                sudo == SudoMode.PASSWORD,
                "the login password of " + account + ", which sudo asks for"),
        SecretNeed.ofHostOrCluster(
            host,
            "login.current",
            SecretKind.LOGIN_PASSWORD,
            false,
            "the template's login password of " + account + ", if sudo asks for it"));
  }
}
