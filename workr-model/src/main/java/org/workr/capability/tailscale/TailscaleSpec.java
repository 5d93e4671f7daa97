package org.workr.capability.tailscale;

import java.util.List;
import java.util.Optional;
import org.workr.binding.Doc;
import org.workr.capability.NeedsSecrets;
import org.workr.value.Host;
import org.workr.value.HttpUrl;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;

/**
 * The tailnet that every host joins. The key for joining is the secret {@code <cluster>.tailscale}.
 *
 * @param loginServer a control server other than Tailscale's own
 * @param options of {@code tailscale up}
 */
@Doc(
    "The tailnet that every host joins. The key for joining is the secret `<cluster>.tailscale`. The"
        + " package must come from a repository that `<packages>` declares, unless the distribution"
        + " has it.")
public record TailscaleSpec(
    @Doc(
            value = "A control server other than Tailscale's own.",
            example = "https://headscale.example.org",
            otherwise = "Tailscale's own")
        Optional<HttpUrl> loginServer,
    @Doc(
            value = "Options of `tailscale up`.",
            example = "--accept-routes",
            otherwise = "none",
            item = "option")
        List<TailscaleOption> options)
    implements NeedsSecrets {

  /** Copies the list. */
  public TailscaleSpec {
    options = List.copyOf(options);
  }

  @Override
  public List<SecretNeed> secrets(Host host) {
    return List.of(
        SecretNeed.ofHostOrCluster(
            host,
            "tailscale",
            SecretKind.TAILSCALE_KEY,
            true,
            "the key with which " + host.hostname() + " joins the tailnet"));
  }
}
