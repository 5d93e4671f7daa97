package org.workr.vault;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a header copy's file: {@code <uuid>.<id>.20261121T201500Z.luks-header.enc}. The time
 * is in it because that of a file changes when it is copied.
 *
 * @param uuid of the LUKS device
 * @param id tells headers of one device apart
 * @param since seconds since 1970
 */
record HeaderFileName(String uuid, String id, long since) {
  private static final String ENDING = ".luks-header.enc";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.([0-9]{8}T[0-9]{6}Z)" + Pattern.quote(ENDING));

  /** Empty when it is the name of something else. */
  static Optional<HeaderFileName> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long since = TIME.parse(matcher.group(3), Instant::from).getEpochSecond();
      return Optional.of(new HeaderFileName(matcher.group(1), matcher.group(2), since));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The same a second later. */
  HeaderFileName later() {
    return new HeaderFileName(uuid, id, since + 1);
  }

  @Override
  public String toString() {
    return uuid + "." + id + "." + TIME.format(Instant.ofEpochSecond(since)) + ENDING;
  }
}
