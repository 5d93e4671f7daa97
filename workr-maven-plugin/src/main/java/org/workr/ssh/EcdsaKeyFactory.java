package org.workr.ssh;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's key factory {@code EC} under the name {@code ECDSA}, which is what sshj 0.40 asks for
 * and otherwise only Bouncy Castle has. Later versions of sshj ask for {@code EC}.
 */
final class EcdsaKeyFactory extends KeyFactorySpi {

  private static final String PROVIDER = "workr-ecdsa";

  private final KeyFactory jdk;

  private EcdsaKeyFactory() throws NoSuchAlgorithmException {
    jdk = KeyFactory.getInstance("EC");
  }

  /** Adds it to the running JVM, once. */
  static void register() {
    Security.addProvider(new Ecdsa());
  }

  @Override
  protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
    return jdk.generatePublic(spec);
  }

  @Override
  protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
    return jdk.generatePrivate(spec);
  }

  @Override
  protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> spec)
      throws InvalidKeySpecException {
    return jdk.getKeySpec(key, spec);
  }

  @Override
  protected Key engineTranslateKey(Key key) throws InvalidKeyException {
    return jdk.translateKey(key);
  }

  private static final class Ecdsa extends Provider {
    private static final long serialVersionUID = 1L;

    Ecdsa() {
      super(PROVIDER, "1", "the JDK's EC keys for sshj");
      putService(
          new Service(
              this, "KeyFactory", "ECDSA", EcdsaKeyFactory.class.getName(), List.of(), Map.of()) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
              return new EcdsaKeyFactory();
            }
          });
    }
  }
}
