package org.workr.capability.disk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.binding.Range;
import org.workr.capability.NeedsSecrets;
import org.workr.value.Host;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;

/**
 * The encrypted disks of the hosts.
 *
 * @param unlock what unlocks them at boot
 * @param policy the same as JSON
 * @param trustOnFirstUse whether Tang servers without a thumbprint are accepted
 * @param rekeyEvery how old keys may become
 */
@Doc(
    "The encrypted disks of the hosts. Each host's passphrase is the secret `<cluster>.<host>.luks`;"
        + " the template's is `<cluster>.luks.current`.")
public record DiskSpec(
    @Doc(
            value = "What unlocks the disks at boot.",
            otherwise = "the `policy`, or a person at the console")
        Optional<UnlockSpec> unlock,
    @Doc(
            value =
                "What unlocks the disks at boot, as the JSON that `clevis encrypt sss` takes; for"
                    + " policies that `<unlock>` cannot say.",
            example =
                "{\"t\":1,\"pins\":{\"tang\":[{\"url\":\"http://192.168.3.247\","
                    + "\"thp\":\"WxSoCoMUxEJTBBqzd0ObRBAi9YkVLTiz0c4mGT2a2N0\"}]}}",
            otherwise = "see `unlock`")
        Optional<ClevisPolicy> policy,
    @Doc(
            value =
                "Whether a Tang server without a thumbprint is believed when it shows its key for the"
                    + " first time.",
            defaultValue = "false")
        boolean trustOnFirstUse,
    @Doc(
            value = "How old a disk's keys may become before `workr:rekey` replaces them.",
            example = "90d",
            otherwise = "a day, so that a run that was interrupted goes on where it was")
        @Range(min = "1d", max = "5y")
        Optional<Duration> rekeyEvery)
    implements Checked, NeedsSecrets {

  @Override
  public void check(Problems problems) {
    if (!problems.usable("policy")) {
      return;
    }
    if (unlock.isPresent() && policy.isPresent()) {
      problems.error(
          "", "both <unlock> and <policy> say what unlocks the disks", "Keep one of them.");
    } else if (unlocking().isEmpty()) {
      if (problems.usable("unlock")) {
        problems.warning(
            "",
            "nothing unlocks the disks at boot, so every restart waits for a person at the console",
            "Declare Tang servers under <unlock>.");
      }
    } else {
      new PolicyCheck(problems, unlock.isPresent(), trustOnFirstUse).check(unlocking().get().sss());
    }
  }

  @Override
  public List<SecretNeed> secrets(Host host) {
    return List.of(
        SecretNeed.installedOn(
            host,
            "luks",
            SecretKind.DISK_PASSPHRASE,
            "becomes the passphrase of the disk of " + host.hostname()),
        SecretNeed.ofHostOrCluster(
            host,
            "luks.current",
            SecretKind.DISK_PASSPHRASE,
            false,
            "the template's passphrase, which opens the disk of "
                + host.hostname()
                + " before it has its own"));
  }

  /** What unlocks the disks at boot; empty when only a person does. */
  public Optional<ClevisPolicy> unlocking() {
    return policy.or(() -> unlock.map(UnlockSpec::policy));
  }
}
