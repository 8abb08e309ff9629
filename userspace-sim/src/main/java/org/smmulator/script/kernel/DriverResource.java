package org.smmulator.script.kernel;

import org.smmulator.kernel.device.Device;

/**
 * Something that a driver acquired for a device. It is given back once: by a step, or when the
 * driver lets the device go. Kernel: {@code devm_add_action()}.
 */
public abstract class DriverResource {
  private boolean held = true;

  /** Has it given back with {@code device}, at the latest. */
  protected final void belongTo(Device device, String what) {
    device.devres().add(what, this::release);
  }

  /** Gives it back, unless that has happened. */
  public final void release() {
    if (held) {
      held = false;
      giveBack();
    }
  }

  /** Returns whether it has not been given back yet. */
  public final boolean isHeld() {
    return held;
  }

  /** Calls what ends it. */
  protected abstract void giveBack();
}
