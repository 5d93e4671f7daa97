package org.workr.capability;

import java.util.List;
import org.workr.value.Host;
import org.workr.value.SecretNeed;

/** A part of the spec that cannot do its work without secrets. */
public interface NeedsSecrets {

  /** The secrets that it needs for {@code host}, those that hosts share among them. */
  List<SecretNeed> secrets(Host host);
}
