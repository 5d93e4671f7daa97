package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.DefaultSettingsProblem;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workr.secret.SecretException;

class SettingsPasswordsTest {
  private final DefaultMavenExecutionRequest request = new DefaultMavenExecutionRequest();
  private final List<String> decrypted = new ArrayList<>();
  private final List<SettingsProblem> problems = new ArrayList<>();

  @Test
  void decryptsTheServerThatIsAskedForAndNoOther() throws Exception {
    server("stats.workr1.luks", "{c4nary}");
    server("broken", "{broken}");

    assertThat(passwords().password("stats.workr1.luks")).hasValue("open c4nary".toCharArray());
    assertThat(decrypted).containsExactly("stats.workr1.luks");
  }

  @Test
  void aServerWithoutAPasswordHasNone() throws Exception {
    server("stats.workr1.luks", null);

    assertThat(passwords().password("stats.workr1.luks")).isEmpty();
    assertThat(passwords().password("stats.workr2.luks")).isEmpty();
    assertThat(decrypted).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "FATAL"})
  void whatCannotBeDecryptedIsNeverUsedAsItStands(SettingsProblem.Severity severity) {
    server("stats.workr1.luks", "{c4nary}");
    problems.add(new DefaultSettingsProblem("cannot decrypt {c4nary}", severity, "", -1, -1, null));

    assertThatThrownBy(() -> passwords().password("stats.workr1.luks"))
        .isInstanceOf(SecretException.class)
        .hasMessageStartingWith(
            "settings.xml, server 'stats.workr1.luks': its password cannot be decrypted.")
        .hasMessageNotContaining("c4nary")
        .hasNoCause();
  }

  @Test
  void aWarningIsNoFailure() throws Exception {
    server("stats.workr1.luks", "{c4nary}");
    problems.add(
        new DefaultSettingsProblem(
            "old format", SettingsProblem.Severity.WARNING, "", -1, -1, null));

    assertThat(passwords().password("stats.workr1.luks")).isPresent();
  }

  private void server(String id, String password) {
    Server server = new Server();
    server.setId(id);
    server.setPassword(password);
    request.addServer(server);
  }

  @SuppressWarnings("deprecation") // the only constructor that needs no repository
  private SettingsPasswords passwords() {
    return new SettingsPasswords(
        new MavenSession(null, null, request, new DefaultMavenExecutionResult()), new Decrypter());
  }

  private final class Decrypter implements SettingsDecrypter {
    @Override
    public SettingsDecryptionResult decrypt(SettingsDecryptionRequest asked) {
      Server server = asked.getServers().get(0).clone();
      decrypted.add(server.getId());
      server.setPassword(server.getPassword().replace("{", "open ").replace("}", ""));
      return new Result(server);
    }
  }

  private final class Result implements SettingsDecryptionResult {
    private final Server server;

    Result(Server server) {
      this.server = server;
    }

    @Override
    public Server getServer() {
      return server;
    }

    @Override
    public List<Server> getServers() {
      return List.of(server);
    }

    @Override
    public Proxy getProxy() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Proxy> getProxies() {
      return List.of();
    }

    @Override
    public List<SettingsProblem> getProblems() {
      return problems;
    }
  }
}
