package org.workr.ssh;

import java.util.Arrays;
import java.util.List;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/**
 * One password, to be tried once by each of two methods, and then overwritten. sshj overwrites the
 * copies that it is given.
 */
final class PasswordLogin implements PasswordFinder, ChallengeResponseProvider, AutoCloseable {

  private static final char[] NOTHING = {};

  private final char[] password;
  private boolean answered;

  /**
   * @param password belongs to the new object
   */
  PasswordLogin(char[] password) {
    this.password = password;
  }

  /** RFC 4252, section 8. */
  AuthMethod asPassword() {
    return new AuthPassword(this) {
      @Override
      public void handle(Message message, SSHPacket packet)
          throws UserAuthException, TransportException {
        if (message == Message.USERAUTH_60) {
          // sshj would answer with an empty new password.
          throw new UserAuthException("the password has expired and the server asks for a new one");
        }
        super.handle(message, packet);
      }
    };
  }

  /** RFC 4256: the password answers the first question whose answer is not shown. */
  AuthMethod asKeyboardInteractive() {
    return new AuthKeyboardInteractive(this);
  }

  @Override
  public char[] reqPassword(@Nullable Resource<?> resource) {
    return password.clone();
  }

  @Override
  public boolean shouldRetry(@Nullable Resource<?> resource) {
    return false;
  }

  @Override
  public List<String> getSubmethods() {
    return List.of();
  }

  @Override
  @SuppressWarnings("rawtypes") // as declared by sshj
  public void init(Resource resource, String name, String instruction) {}

  @Override
  public char[] getResponse(String prompt, boolean echo) {
    if (echo || answered) {
      return NOTHING;
    }
    answered = true;
    return password.clone();
  }

  @Override
  public boolean shouldRetry() {
    return false;
  }

  @Override
  public void close() {
    Arrays.fill(password, '\0');
  }
}
