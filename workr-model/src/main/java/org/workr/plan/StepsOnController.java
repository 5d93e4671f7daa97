package org.workr.plan;

/** Steps in which the controller takes part, as a plan shows them. */
final class StepsOnController {
  private StepsOnController() {}

  static String text(Step.OnController step) {
    if (step instanceof Step.Reboot reboot) {
      return "restart the machine, at most "
          + reboot.limit()
          + reboot.condition().map(condition -> ", if: " + condition).orElse("");
    }
    if (step instanceof Step.Reconnect reconnect) {
      return "connect again"
          + switch (reconnect.where()) {
            case AS_BEFORE -> "";
            case FINAL_ADDRESS -> " at the final address";
            case NEW_HOST_KEYS -> " by the new host keys";
          }
          + ", at most "
          + reconnect.limit();
    }
    if (step instanceof Step.PinHostKeys pin) {
      return "pin the host keys in " + pin.folder();
    }
    if (step instanceof Step.ProvePassword prove) {
      return "prove the password " + prove.password() + " on a new connection";
    }
    if (step instanceof Step.Await await) {
      return "wait for "
          + await.what()
          + ", and ask every "
          + await.interval()
          + ": "
          + await.probe();
    }
    return onControllerOnly(step);
  }

  private static String onControllerOnly(Step.OnController step) {
    if (step instanceof Step.MakeSecret make) {
      return "make up what replaces the secret " + make.secret() + ", and store it as pending";
    }
    if (step instanceof Step.PromoteSecret promote) {
      return "make the pending secret " + promote.secret() + " the one in use";
    }
    if (step instanceof Step.ForgetSecret forget) {
      return "forget the secret " + forget.secret();
    }
    if (step instanceof Step.KeepInLock keep) {
      return "keep " + keep.what() + " in the lock: " + keep.probe();
    }
    if (step instanceof Step.CopyImage copy) {
      return "copy the image " + copy.image() + " from " + copy.source();
    }
    if (step instanceof Step.StoreHeader store) {
      return "store the LUKS header of " + store.uuid() + " on the controller, and no older one";
    }
    return "destroy the controller's copies of the LUKS header of "
        + ((Step.DestroyHeaders) step).uuid();
  }
}
