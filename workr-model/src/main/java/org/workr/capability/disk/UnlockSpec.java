package org.workr.capability.disk;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.binding.Doc;
import org.workr.binding.Range;

/**
 * What unlocks the disks when hosts boot: some of several.
 *
 * @param threshold how many of them it takes
 * @param tang Tang servers
 * @param tpm2 the host's TPM 2 chip
 */
@Doc("What unlocks the disks when hosts boot, beside a person with the passphrase.")
public record UnlockSpec(
    @Doc(
            value =
                "How many of the Tang servers and the TPM it takes. Fewer than there are, so that one"
                    + " may be down; more than one, so that one stolen is not enough.",
            example = "2")
        @Range(min = "1", max = "255")
        int threshold,
    @Doc(value = "The Tang servers.", otherwise = "none") List<TangServer> tang,
    @Doc(value = "The host's TPM 2 chip.", otherwise = "it is not used") Optional<Tpm2Spec> tpm2) {

  /** Copies the list. */
  public UnlockSpec {
    tang = List.copyOf(tang);
  }

  /** The same as a policy of Clevis. */
  public ClevisPolicy policy() {
    Stream<Pin> servers = tang.stream().map(t -> new Pin.Tang(t.url(), t.thumbprint()));
    Stream<Pin> chip = tpm2.stream().map(t -> new Pin.Tpm2(t.bank(), t.pcrs()));
    return new ClevisPolicy(new Pin.Sss(threshold, Stream.concat(servers, chip).toList()));
  }
}
