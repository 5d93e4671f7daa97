package org.workr.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpWebTest {
  private final CountDownLatch done = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
    server.createContext("/keys", exchange -> answer(exchange, 200, "some keys"));
    server.createContext("/gone", exchange -> answer(exchange, 404, "not found"));
    server.createContext("/moved", exchange -> redirect(exchange, "/keys"));
    server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
    server.createContext("/away", exchange -> redirect(exchange, "http://192.0.2.1/keys"));
    server.createContext("/file", exchange -> redirect(exchange, "file:///etc/passwd"));
    server.createContext("/huge", exchange -> answer(exchange, 200, "x".repeat((1 << 20) + 1)));
    server.createContext("/full", exchange -> answer(exchange, 200, "x".repeat(1 << 20)));
    server.createContext("/slow", this::trickle);
    server.start();
  }

  @AfterEach
  void stop() {
    done.countDown();
    server.stop(0);
  }

  @Test
  void getsAnAnswerAlsoWhereItHasMoved() throws IOException {
    assertThat(get("/keys")).isEqualTo("some keys");
    assertThat(get("/moved")).isEqualTo("some keys");
    assertThat(get("/full")).hasSize(1 << 20);
  }

  @Test
  void whatIsNoAnswerIsSaid() {
    assertThatThrownBy(() -> get("/gone")).hasMessage("it answered with status 404");
    assertThatThrownBy(() -> get("/loop")).hasMessage("it redirects more than 5 times");
    assertThatThrownBy(() -> get("/huge")).hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void plainConnectionsStayOnThisMachine() {
    assertThatThrownBy(() -> get("/away"))
        .hasMessage("it leads to 'http://192.0.2.1/keys', which is not encrypted");
    assertThatThrownBy(() -> get("/file")).hasMessageContaining("'file:///etc/passwd'");
    assertThatThrownBy(() -> web(20).get(URI.create("http://192.0.2.1/keys"), false))
        .hasMessageContaining("which is not encrypted");
    assertThatThrownBy(() -> web(20).get(URI.create("http://127.0.0.1.example.org/"), false))
        .hasMessageContaining("which is not encrypted");
    assertThatThrownBy(() -> web(20).get(URI.create("ftp://127.0.0.1/"), true))
        .hasMessageContaining("which is not encrypted");
  }

  @Test
  void waitsNoLongerThanItsLimit() {
    long begun = System.nanoTime();
    assertThatThrownBy(() -> web(2).get(address("/slow"), false))
        .hasMessageContaining("longer than 2 seconds");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
  }

  private String get(String path) throws IOException {
    return new String(web(60).get(address(path), false), UTF_8);
  }

  private static HttpWeb web(int seconds) {
    return new HttpWeb(Duration.ofSeconds(seconds));
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, text.length());
      exchange.getResponseBody().write(text.getBytes(UTF_8));
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    answer(exchange, 302, "moved");
  }

  /** Headers at once, the body never. */
  private void trickle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write('x');
      exchange.getResponseBody().flush();
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
