package org.workr.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;
import org.workr.connection.Credentials;

/** The private key file, read and decrypted once for all connections. */
final class LoginKey {

  private final Config config;
  private final Credentials credentials;
  private @Nullable KeyProvider key;
  private @Nullable UnusableKeyException failure;

  /** A private key file that cannot be used; the message says why and what to do. */
  static final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableKeyException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  LoginKey(Config config, Credentials credentials) {
    this.config = config;
    this.credentials = credentials;
  }

  /**
   * The key in {@code file}; a second call costs nothing, whether the first one succeeded or not.
   */
  synchronized KeyProvider read(Path file) throws UnusableKeyException {
    if (failure != null) {
      throw failure;
    }
    if (key == null) {
      try {
        key = decrypt(file);
      } catch (UnusableKeyException e) {
        failure = e;
        throw e;
      }
    }
    return key;
  }

  private KeyProvider decrypt(Path file) throws UnusableKeyException {
    Passphrase passphrase = new Passphrase();
    try {
      String text = Files.readString(file);
      KeyFormat format = KeyProviderUtil.detectKeyFileFormat(new StringReader(text), false);
      FileKeyProvider provider =
          Factory.Named.Util.create(config.getFileKeyProviderFactories(), format.toString());
      if (provider == null) {
        throw new UnusableKeyException(
            "'" + file + "' is not a private key. Name the file without .pub that ssh-keygen made",
            null);
      }
      // By way of a reader sshj does not look for a .pub file beside it, which may be another
      // key's.
      provider.init(new StringReader(text), passphrase);
      return new KeyPairWrapper(new KeyPair(provider.getPublic(), provider.getPrivate()));
    } catch (NoSuchFileException e) {
      throw new UnusableKeyException("the private key file '" + file + "' does not exist", e);
    } catch (KeyDecryptionFailedException e) {
      throw undecryptable(file, passphrase, e);
    } catch (IOException | SSHRuntimeException e) {
      throw passphrase.asked
          ? undecryptable(file, passphrase, e)
          : new UnusableKeyException(
              "the private key '" + file + "' cannot be read (" + e.getMessage() + ")", e);
    } finally {
      passphrase.wipe();
    }
  }

  private static UnusableKeyException undecryptable(
      Path file, Passphrase passphrase, Exception cause) {
    String message;
    if (!passphrase.given) {
      message = "the private key '" + file + "' is encrypted and no passphrase for it was given";
    } else if (passphrase.ascii) {
      message = "the passphrase does not decrypt the private key '" + file + "'";
    } else {
      message =
          "the passphrase does not decrypt the private key '"
              + file
              + "' (if it is right: characters beyond ASCII work in OpenSSH's own form of key files"
              + " only; to convert it, run: ssh-keygen -p -f "
              + file
              + ")";
    }
    return new UnusableKeyException(message, cause);
  }

  /** Hands the passphrase to sshj and overwrites every copy of it afterwards. */
  private final class Passphrase implements PasswordFinder {
    private final List<char[]> copies = new ArrayList<>();
    private boolean asked;
    private boolean given;
    private boolean ascii = true;

    @Override
    public char[] reqPassword(@Nullable Resource<?> resource) {
      asked = true;
      char[] passphrase = credentials.privateKeyPassphrase().orElseGet(() -> new char[0]);
      given = passphrase.length > 0;
      for (char character : passphrase) {
        ascii &= character < 128;
      }
      copies.add(passphrase);
      return passphrase;
    }

    @Override
    public boolean shouldRetry(@Nullable Resource<?> resource) {
      return false;
    }

    void wipe() {
      copies.forEach(copy -> Arrays.fill(copy, '\0'));
    }
  }
}
