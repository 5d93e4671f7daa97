package org.workr.capability.container;

import java.util.List;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.binding.Range;
import org.workr.value.PemCertificate;

/**
 * RStudio's page on the workers.
 *
 * @param port TCP port at which it answers
 * @param address where it answers
 * @param certificates the server's first, then those that vouch for it; empty for no TLS
 */
@Doc(
    "RStudio's page on every worker, for an image that has RStudio Server, such as `rocker/rstudio`."
        + " It is in a container of its own, with a home folder that stays. The private key that goes"
        + " with `<certificates>` is the secret `<cluster>.rstudio`.")
public record RStudioSpec(
    @Doc(value = "TCP port at which the page answers.", defaultValue = "8787")
        @Range(min = "1025", max = "65535")
        int port,
    @Doc(
            value =
                "Where it answers: in the container only, so that analysts come through SSH, or at the"
                    + " declared address of the host.",
            defaultValue = "loopback")
        RStudioAddress address,
    @Doc(
            value =
                "For TLS at the host's address: the certificate of the page, and then those that vouch"
                    + " for it, each as PEM.",
            example = PemCertificate.EXAMPLE,
            otherwise = "no TLS",
            item = "certificate")
        List<PemCertificate> certificates)
    implements Checked {
  /** Where analysts find the password, in the container: a file of that name. */
  public static final String PASSWORD_FOLDER = "/etc/ssh/workr/rstudio";

  /** The name of the secret with the private key. */
  static final String SECRET = "rstudio";

  /** Copies the list. */
  public RStudioSpec {
    certificates = List.copyOf(certificates);
  }

  @Override
  public void check(Problems problems) {
    if (!problems.usable("address")) {
      return;
    }
    if (address == RStudioAddress.LOOPBACK && tls()) {
      problems.error(
          "certificates",
          "nobody could check them: the page is reached as localhost, through SSH",
          "Leave them out; SSH encrypts. Or give the page the host's address: <address>host</address>.");
    } else if (address == RStudioAddress.HOST && !tls() && problems.usable("certificates")) {
      problems.warning(
          "address",
          "the page is at the host's address without TLS: what is typed there can be read on the way",
          "Give <certificates>, or leave out <address> and come through SSH.");
    }
  }

  /** Whether the page is encrypted by itself. */
  public boolean tls() {
    return !certificates.isEmpty();
  }

  /** The port at which RStudio itself listens, behind what encrypts. */
  int innerPort() {
    return tls() ? port - 1 : port;
  }
}
