package org.workr.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.workr.capability.StatusLine;
import org.workr.file.DurableFile;
import org.workr.value.Hostname;

/** How hosts stand, as JSON for programs. */
public final class StatusJson {
  /**
   * The file.
   *
   * @param format of the file
   * @param hosts in the order of the pom
   * @param cluster of all together
   */
  private record Content(int format, List<HostStatus> hosts, List<StatusLine> cluster) {}

  private record HostStatus(String host, List<StatusLine> status) {}

  private StatusJson() {}

  /** Writes how {@code hosts}, and all of the {@code cluster}, stand. */
  public static void write(
      Map<Hostname, List<StatusLine>> hosts, List<StatusLine> cluster, Path file)
      throws IOException {
    List<HostStatus> all =
        hosts.entrySet().stream()
            .map(entry -> new HostStatus(entry.getKey().value(), entry.getValue()))
            .toList();
    DurableFile.write(
        file, Json.MAPPER.writeValueAsString(new Content(Json.FORMAT, all, cluster)) + "\n");
  }
}
