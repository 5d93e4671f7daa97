package org.workr.capability.accounts;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.capability.identity.Identity;
import org.workr.facts.Fact;
import org.workr.value.Host;

/** The account that workr logs in as: its keys, how it may log in, its sudo, its password. */
public final class Accounts implements Capability<Access> {

  /** A planner; it has no state. */
  public Accounts() {}

  @Override
  public String name() {
    return "accounts";
  }

  @Override
  public Set<Fact<?>> facts(Access access, Host host) {
    Set<Fact<?>> facts =
        new LinkedHashSet<>(
            List.of(
                Account.fact(host),
                HomeFiles.fact(host),
                AuthorizedKeys.first(host),
                AuthorizedKeys.second(host),
                SshServer.settings(host),
                SshServer.LISTENER,
                SshdFiles.FACT,
                PasswordLogin.DROP_IN,
                PasswordLogin.SESSION,
                SudoRule.FILE,
                SudoRule.FREEING,
                SudoRule.effect(host),
                LoginPassword.state(host)));
    facts.add(access.accounts().exclusiveKeys() ? AuthorizedKeys.OF_SESSION : Identity.OF_CLONES);
    if (access.accounts().setPassword()) {
      facts.add(LoginPassword.isDeclared(host));
      facts.add(LoginPassword.UNPROVEN);
    }
    return facts;
  }

  @Override
  public Findings plan(Access access, Situation situation) {
    Findings.Builder out = situation.findings(name());
    Optional<Optional<Account>> known = situation.require(Account.fact(situation.host()), out);
    if (known.isEmpty()) {
      return out.build();
    }
    if (known.get().isEmpty()) {
      out.error(
          "the account '" + situation.host().user() + "' does not exist",
          "Make it on the template, or name another one in <ssh><user>.");
      return out.build();
    }
    AuthorizedKeys.plan(access, situation, known.get().get(), out);
    PasswordLogin.plan(access, situation, out);
    LoginPassword.plan(access, situation, out);
    SudoRule.plan(access, situation, out);
    return out.build();
  }
}
