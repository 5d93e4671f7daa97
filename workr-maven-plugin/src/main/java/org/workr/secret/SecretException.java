package org.workr.secret;

import java.io.Serial;
import org.workr.diagnostic.Diagnostic;

/**
 * Where secrets are kept could not be read or written. The message says where, what is wrong and
 * what to do, and holds no secret.
 */
public final class SecretException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Diagnostic diagnostic;

  /** Carries {@code diagnostic}. There is no cause: messages of others may quote what they read. */
  public SecretException(Diagnostic diagnostic) {
    super(diagnostic.toString());
    this.diagnostic = diagnostic;
  }

  /** What is wrong where. */
  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
