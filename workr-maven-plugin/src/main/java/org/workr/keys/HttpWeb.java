package org.workr.keys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The web over Java's own client: few redirects, little patience, small answers. */
final class HttpWeb implements Web {
  private static final int REDIRECTS = 5;
  private static final int LARGEST = 1 << 20;

  private final Duration limit;
  private final HttpClient client;

  /**
   * @param limit for one answer, redirects not included
   */
  HttpWeb(Duration limit) {
    this.limit = limit;
    client =
        HttpClient.newBuilder()
            .connectTimeout(limit)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public byte[] get(URI address, boolean plain) throws IOException {
    URI at = address;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      checkScheme(at, plain);
      HttpResponse<byte[]> response = ask(at);
      int status = response.statusCode();
      if (status == 200) {
        return response.body();
      }
      if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        throw new IOException("it answered with status " + status);
      }
      at = next(at, response);
    }
    throw new IOException("it redirects more than " + REDIRECTS + " times");
  }

  private static URI next(URI at, HttpResponse<byte[]> response) throws IOException {
    String location =
        response
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException("it redirects to nowhere"));
    try {
      return at.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("it redirects to something that is no address", e);
    }
  }

  private static void checkScheme(URI at, boolean plain) throws IOException {
    boolean http = "http".equals(at.getScheme()) && at.getHost() != null;
    if (!"https".equals(at.getScheme()) && !(http && (plain || isThisMachine(at.getHost())))) {
      throw new IOException("it leads to '" + at + "', which is not encrypted");
    }
  }

  private static boolean isThisMachine(String host) {
    try {
      return host.matches("[0-9.]+|\\[.*]|localhost")
          && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private HttpResponse<byte[]> ask(URI at) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(at).timeout(limit).GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, info -> new LimitedBody(LARGEST));
    try {
      // The request's own limit ends with the headers; this one holds for the body too.
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("it took longer than " + limit.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String what = cause.getMessage();
      throw new IOException(what == null ? "it cannot be reached" : what, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }
}
