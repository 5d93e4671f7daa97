package org.workr.output;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.workr.engine.Event;
import org.workr.engine.Progress;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every event of a run as one line of JSON, in the file as soon as it happened. It is for people
 * and programs that look on; workr itself never reads it.
 */
public final class Journal implements Progress, AutoCloseable {
  private final JsonMapper json = JsonMapper.shared();
  private final Clock clock;
  private final Writer writer;

  /**
   * @param file replaced when it exists
   */
  public Journal(Path file, Clock clock) throws IOException {
    this.clock = clock;
    Files.createDirectories(file.toAbsolutePath().getParent());
    writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void happened(Event event) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("time", clock.instant().toString());
    line.put("host", event.host().value());
    line.put("event", event.kind().name().toLowerCase(Locale.ROOT));
    line.put("change", event.subject());
    line.put("text", event.text());
    try {
      writer.write(json.writeValueAsString(line) + "\n");
      writer.flush();
    } catch (IOException e) {
      // Work on a host must not end for want of a line about it. A full disk is told by the report.
    }
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      // As above.
    }
  }
}
