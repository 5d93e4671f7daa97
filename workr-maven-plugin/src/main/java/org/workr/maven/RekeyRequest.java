package org.workr.maven;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.plugin.MojoFailureException;
import org.jspecify.annotations.Nullable;
import org.workr.binding.DurationText;
import org.workr.capability.disk.DiskSpec;
import org.workr.capability.disk.Rekey;
import org.workr.planning.Planner;
import org.workr.spec.ClusterSpec;
import org.workr.value.InvalidValueException;

/**
 * The parameters of {@code workr:rekey}, as they are given.
 *
 * @param parts words with commas between them
 * @param olderThan a length of time; null for what the pom says
 * @param rehearse whether each host is restarted afterwards
 */
record RekeyRequest(String parts, @Nullable String olderThan, boolean rehearse) {
  /** The keys of disks; those of Tang servers ask for a change of the pom, so only on request. */
  static final String EVERYTHING = "passphrase,binding,volumeKey";

  /** Long enough for a run that was interrupted to be finished and not begun anew. */
  private static final Duration DAY = Duration.ofDays(1);

  /** What is asked for at {@code now}. */
  Rekey rekey(ClusterSpec spec, Instant now) throws MojoFailureException {
    Set<Rekey.Part> replaced = parsed();
    if (spec.disk().isEmpty() && !replaced.equals(Set.of(Rekey.Part.TANG))) {
      throw new MojoFailureException(
          "workr:rekey: the pom declares no <disk> in <cluster>, so there are no keys to replace."
              + " Declare it, with what unlocks the disks at boot.");
    }
    if (replaced.contains(Rekey.Part.TANG) && (replaced.size() > 1 || rehearse)) {
      throw new MojoFailureException(
          "workr.rekey: the keys of Tang servers are replaced by themselves, without workr.rehearse:"
              + " the pom has to name the new ones before a disk is bound to them.");
    }
    try {
      return new Rekey(replaced, now.minus(age(spec.disk())), rehearse);
    } catch (InvalidValueException e) {
      throw RollingMojo.wrong("workr.olderThan", e);
    }
  }

  /** What is to be done at {@code now}. */
  Work work(ClusterSpec spec, Instant now) throws MojoFailureException {
    Rekey rekey = rekey(spec, now);
    return new Work(Planner.rekeying(rekey), rekey.parts().contains(Rekey.Part.PASSPHRASE));
  }

  private Duration age(Optional<DiskSpec> disk) {
    Optional<Duration> given = Optional.ofNullable(olderThan).map(DurationText::parse);
    Duration age = given.or(() -> disk.flatMap(DiskSpec::rekeyEvery)).orElse(DAY);
    if (age.isNegative()) {
      throw new InvalidValueException(
          "'" + olderThan + "' ends in the future",
          "Use 0s to replace every key, whatever its age.");
    }
    return age;
  }

  private Set<Rekey.Part> parsed() throws MojoFailureException {
    Set<Rekey.Part> set = EnumSet.noneOf(Rekey.Part.class);
    for (String word : parts.strip().split("\\s*,\\s*", -1)) {
      set.add(
          switch (word) {
            case "passphrase" -> Rekey.Part.PASSPHRASE;
            case "binding" -> Rekey.Part.BINDING;
            case "volumeKey" -> Rekey.Part.VOLUME_KEY;
            case "tang" -> Rekey.Part.TANG;
            default ->
                throw new MojoFailureException(
                    "workr.rekey: '"
                        + word
                        + "' is nothing that can be replaced. Use one or more of passphrase, binding,"
                        + " volumeKey and tang, with commas between them.");
          });
    }
    return set;
  }
}
