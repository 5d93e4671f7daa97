package org.workr.value;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An X.509 certificate as PEM (RFC 7468, section 5).
 *
 * @param der its bytes in base64, on one line
 */
public record PemCertificate(String der) {
  /** One on one line, for documentation. */
  public static final String EXAMPLE =
      "-----BEGIN CERTIFICATE----- "
          + "MIIBfjCCASOgAwIBAgIUKHnUvhTpTJj9hyMKNQ4FfazuMnkwCgYIKoZIzj0EAwIwEzERMA8GA1UEAwwI"
          + "cmVnaXN0cnkwIBcNMjYxMTI4MTU1MTI1WhgPMjEyNjExMDQxNTUxMjVaMBMxETAPBgNVBAMMCHJlZ2lz"
          + "dHJ5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmPSbzOcNmufEhU4jxWFWOLcVmaXhSkWpJ8bVsogX"
          + "wyhQzDl2RGK6uicpHv//4iHXLOgTJx4YYfLQRcFTVnnvQ6NTMFEwHQYDVR0OBBYEFEaVHb2swNLnH77g"
          + "AYJ6P5evwvPfMB8GA1UdIwQYMBaAFEaVHb2swNLnH77gAYJ6P5evwvPfMA8GA1UdEwEB/wQFMAMBAf8w"
          + "CgYIKoZIzj0EAwIDSQAwRgIhAM+37qRRFNBs67PSs9sWb66jdynOitnUseAC/XKb60GdAiEA3Aw4WTZ8"
          + "Sae22urViecnQw3Bu8wIG3ldLPRL7pR+nL8="
          + " -----END CERTIFICATE-----";

  private static final Pattern FORM =
      Pattern.compile(
          "\\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----\\s*");

  /** The first two bytes of a sequence whose length stands in the next two (X.690, section 8.1). */
  private static final int SEQUENCE = 0x3082;

  private static final int HEADER = 4;
  private static final int LINE = 64;

  /** Refuses what is not a whole sequence, as every certificate is. */
  public PemCertificate {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(der);
    } catch (IllegalArgumentException e) {
      throw refused("the certificate is not base64");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER
        || Short.toUnsignedInt(buffer.getShort()) != SEQUENCE
        || Short.toUnsignedInt(buffer.getShort()) != bytes.length - HEADER) {
      throw refused("what is between the lines BEGIN and END is not a certificate");
    }
  }

  /** The one certificate in {@code text}. A private key is refused without being quoted. */
  public static PemCertificate parse(String text) {
    if (text.contains("PRIVATE KEY")) {
      throw new InvalidValueException(
          "this is a private key, which must not stand here",
          "Remove it, take it for exposed, and use the certificate.");
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw refused("this is not one certificate as PEM");
    }
    return new PemCertificate(matcher.group(1).replaceAll("\\s", ""));
  }

  private static InvalidValueException refused(String summary) {
    return new InvalidValueException(
        summary,
        "Copy the file whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.");
  }

  /** The file, with lines of 64 characters. */
  public String pem() {
    StringBuilder pem = new StringBuilder("-----BEGIN CERTIFICATE-----\n");
    for (int i = 0; i < der.length(); i += LINE) {
      pem.append(der, i, Math.min(der.length(), i + LINE)).append('\n');
    }
    return pem.append("-----END CERTIFICATE-----\n").toString();
  }

  @Override
  public String toString() {
    return pem();
  }
}
