package org.workr.binding;

/**
 * A record whose components must also fit each other. It is asked after it was bound, also when
 * some components are broken and have stand-ins.
 */
public interface Checked {

  /**
   * Reports what does not fit. It looks only at components that are {@link Problems#usable}.
   *
   * @param problems where to report
   */
  void check(Problems problems);
}
