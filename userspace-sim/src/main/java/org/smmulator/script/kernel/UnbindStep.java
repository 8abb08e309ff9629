package org.smmulator.script.kernel;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;

/** {@code unbind}: takes a driver off a device, this one or another. */
final class UnbindStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that is to have no driver.");

  UnbindStep() {
    super("unbind", "Takes the driver off a device, with all that it holds: driver/unbind.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    PlatformDevice found = device(step, device, process);
    if (found.driver() == null) {
      throw ENODEV.because("%s has no driver", found.name());
    }
    process.machine().devices().unbind(found);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "unbinds " + step.get(device);
  }
}
