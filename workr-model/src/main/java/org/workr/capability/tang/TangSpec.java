package org.workr.capability.tang;

import org.workr.binding.Doc;
import org.workr.binding.Range;

/**
 * The Tang servers among the hosts.
 *
 * @param port TCP port that they listen on
 */
@Doc("The Tang servers among the hosts: those with the role `tang`.")
public record TangSpec(
    @Doc(value = "TCP port that they listen on.", defaultValue = "80")
        @Range(min = "1", max = "65535")
        int port) {}
