package org.workr.capability.restart;

import java.time.Duration;
import org.workr.binding.Doc;
import org.workr.binding.Range;

/**
 * Whether and how long a restart may take.
 *
 * @param allowed whether hosts are restarted
 * @param timeout longest wait for a host to come back
 */
@Doc("Restarting a host when a change needs it.")
public record RestartSpec(
    @Doc(
            value =
                "Whether a host is restarted when a change needs it. When not, the report says which"
                    + " hosts need one. A host that waits for one because its packages were updated"
                    + " by somebody else is never restarted for that alone.",
            defaultValue = "true")
        boolean allowed,
    @Doc(
            value = "Longest wait for a restarted host to be back, its disk unlocked.",
            defaultValue = "10m")
        @Range(min = "1m", max = "1h")
        Duration timeout) {}
