package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.planning.GoldenCase;
import org.workr.value.HttpUrl;
import org.workr.value.Thumbprint;

/**
 * The probe of Tang servers, with curl and without, from one that leaves connections open as tangd
 * does.
 */
class TangProbeTest {
  private static final String PRINT = "n3G0NgfBVwT7C5pOt77qENn4-4XMzx3TrNmzImJoGPQ";
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "base64",
          "bash",
          "cut",
          "dd",
          "getent",
          "grep",
          "head",
          "sed",
          "sha256sum",
          "sort",
          "timeout",
          "tr");

  @TempDir Path folder;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private ServerSocket server;

  /** Kept from the garbage collector, which would close them. */
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private volatile boolean closing;

  @BeforeEach
  void server() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve);
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String path = lines.readLine().split(" ", -1)[1];
        while (!lines.readLine().isEmpty()) {
          // The header says nothing more.
        }
        asked.add(path);
        socket
            .getOutputStream()
            .write(answers.getOrDefault(path, "HTTP/1.1 404 Not Found\r\n\r\n").getBytes(UTF_8));
        if (closing) {
          socket.close();
        }
      } catch (IOException e) {
        // It is over.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatEachAnswers(boolean curl) throws Exception {
    answer("/adv/" + PRINT, "{\"payload\":\"x\"}");
    assertThat(ask(curl, tang("", Optional.of(PRINT)), tang("", Optional.of("x".repeat(43)))))
        .containsExactly(
            new TangAnswers.Answer(0, "{\"payload\":\"x\"}"), new TangAnswers.Answer(22, ""));
    assertThat(asked).containsExactly("/adv/" + PRINT, "/adv/" + "x".repeat(43));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPathBelongsToTheUrl(boolean curl) throws Exception {
    answer("/some/where/adv/" + PRINT, "{}");
    assertThat(ask(curl, tang("/some/where", Optional.of(PRINT))))
        .containsExactly(new TangAnswers.Answer(0, "{}"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysWhyThereIsNoAnswer(boolean curl) throws Exception {
    answer("/adv/" + PRINT, "y".repeat(65537));
    assertThat(ask(curl, tang("", Optional.of(PRINT))).get(0).status()).isEqualTo(63);
    answers.put("/adv/" + PRINT, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    assertThat(ask(curl, tang("", Optional.of(PRINT))).get(0).status()).isEqualTo(22);
    answers.put("/adv/" + PRINT, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nless");
    assertThat(ask(curl, tang("", Optional.of(PRINT))).get(0).status()).isEqualTo(28);
    closing = true;
    assertThat(ask(curl, tang("", Optional.of(PRINT))).get(0).status()).isEqualTo(18);
    server.close();
    assertThat(ask(curl, tang("", Optional.of(PRINT))).get(0).status()).isEqualTo(7);
    Pin.Tang nobody =
        new Pin.Tang(HttpUrl.parse("http://nobody.invalid"), Optional.of(new Thumbprint(PRINT)));
    assertThat(ask(curl, nobody).get(0).status()).isEqualTo(6);
  }

  @Test
  void withoutCurlNothingIsAskedByHttps() throws Exception {
    Pin.Tang encrypted =
        new Pin.Tang(HttpUrl.parse("https://127.0.0.1"), Optional.of(new Thumbprint(PRINT)));
    assertThat(run(false, TangProbe.of(List.of(encrypted)))).isEqualTo("no-curl\n");
  }

  /** It is bound to the keys of the golden case: to a nested policy, as that is the hardest. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNotPinnedIsAskedForTheKeyThatIsBound(boolean curl) throws Exception {
    answer("/adv", "new");
    answer("/adv/" + PRINT, "old");
    bind("http://127.0.0.1:" + server.getLocalPort());
    assertThat(ask(curl, tang("", Optional.empty())))
        .containsExactly(new TangAnswers.Answer(0, "old"));
    assertThat(asked).containsExactly("/adv/" + PRINT);
    // One who has not this key may be another: what it has is looked at, and refused elsewhere.
    answers.remove("/adv/" + PRINT);
    assertThat(ask(curl, tang("", Optional.empty())))
        .containsExactly(new TangAnswers.Answer(0, "new"));
    bind("http://somewhere.else");
    asked.clear();
    assertThat(ask(curl, tang("", Optional.empty())))
        .containsExactly(new TangAnswers.Answer(0, "new"));
    assertThat(asked).containsExactly("/adv");
  }

  /** A header as it is on a disk; the binding to the second server is now one to {@code url}. */
  private void bind(String url) throws IOException {
    Facts.Section section =
        GoldenCase.of(GoldenCase.ROOT.resolve("disk/policy-as-json"))
            .after()
            .orElseThrow()
            .get("disk.state");
    String metadata =
        section.output().lines().filter(l -> l.startsWith("metadata ")).findFirst().orElseThrow();
    metadata = metadata.substring("metadata ".length());
    String outer = metadata.replaceFirst(".*\"protected\":\"([^\"]*)\".*", "$1");
    String changed = inside(outer, "http://10.77.0.12/", url + "/");
    assertThat(changed).isNotEqualTo(outer);
    Files.writeString(
        folder.resolve("disk"), "\0".repeat(4096) + metadata.replace(outer, changed) + "\0\0\0");
  }

  /** Replaces in a header, and in the headers in it. */
  private static String inside(String encoded, String old, String fresh) {
    String header = new String(Base64.getUrlDecoder().decode(encoded), UTF_8);
    Matcher inner = Pattern.compile("(?<=\")eyJ[A-Za-z0-9_-]*(?=\\.)").matcher(header);
    String changed = inner.replaceAll(m -> inside(m.group(), old, fresh)).replace(old, fresh);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(changed.getBytes(UTF_8));
  }

  private void answer(String path, String body) {
    answers.put(path, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private Pin.Tang tang(String path, Optional<String> print) {
    return new Pin.Tang(
        HttpUrl.parse("http://127.0.0.1:" + server.getLocalPort() + path),
        print.map(Thumbprint::new));
  }

  private List<TangAnswers.Answer> ask(boolean curl, Pin.Tang... servers) throws Exception {
    Reading<Optional<List<TangAnswers.Answer>>> reading =
        TangAnswers.fact(List.of(servers)).read(run(curl, TangProbe.of(List.of(servers))).strip());
    return ((Reading.Known<Optional<List<TangAnswers.Answer>>>) reading).value().orElseThrow();
  }

  private String run(boolean curl, String probe) throws Exception {
    Path bin = Files.createDirectories(folder.resolve(curl ? "with" : "without"));
    for (String tool : curl ? List.of("curl") : List.<String>of()) {
      link(bin, tool);
    }
    for (String tool : TOOLS) {
      link(bin, tool);
    }
    Path lsblk = bin.resolve("lsblk");
    Files.writeString(lsblk, "#!/bin/sh\necho " + folder.resolve("disk") + " crypto_LUKS\n");
    assertThat(lsblk.toFile().setExecutable(true)).isTrue();
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/dash", "-c", probe).redirectError(errors.toFile());
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("RES_OPTIONS", "timeout:1 attempts:1");
    builder.environment().put("http_proxy", "http://127.0.0.1:1");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(errors).hasContent("");
    return said;
  }

  private static void link(Path bin, String tool) throws IOException {
    Path program = Path.of("/usr/bin", tool);
    Assumptions.assumeTrue(Files.isExecutable(program), "no " + tool);
    if (!Files.exists(bin.resolve(tool))) {
      Files.createSymbolicLink(bin.resolve(tool), program);
    }
  }
}
