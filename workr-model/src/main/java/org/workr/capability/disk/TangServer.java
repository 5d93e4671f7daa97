package org.workr.capability.disk;

import java.util.Optional;
import org.workr.binding.Doc;
import org.workr.value.HttpUrl;
import org.workr.value.Thumbprint;

/**
 * A Tang server.
 *
 * @param url where it is
 * @param thumbprint of its signing key
 */
@Doc("A Tang server that hosts ask when they boot.")
public record TangServer(
    @Doc(value = "Where it is.", example = "http://192.168.3.247") HttpUrl url,
    @Doc(
            value =
                "Thumbprint of its signing key, as `tang-show-keys` prints it on the server. A server"
                    + " with another key is refused.",
            example = "WxSoCoMUxEJTBBqzd0ObRBAi9YkVLTiz0c4mGT2a2N0",
            otherwise = "allowed only with `trustOnFirstUse`")
        Optional<Thumbprint> thumbprint) {}
