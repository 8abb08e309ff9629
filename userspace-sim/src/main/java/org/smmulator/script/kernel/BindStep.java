package org.smmulator.script.kernel;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;

/** {@code bind}: the process becomes the driver of a device. */
final class BindStep extends KernelStep {
  private final FormField<String> device = required("device", DEVICE, "The device to drive.");
  private final FormField<Answer> managed =
      optional(
          "driver_managed_dma",
          FieldType.oneOf(Answer.class),
          Answer.FALSE,
          "The flag in the driver's structure: true if it looks after the device's domain itself."
              + " Where dma.driver-domain is flag-and-bless it is the flag that was asked for in"
              + " 2018.");
  private final FormField<Long> maskBits =
      optional("dma_mask", Scalar.between(1, 64), 64L, "The address bits that the device has.");

  BindStep() {
    super("bind", "Becomes the driver of a device, whatever its compatible says.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    Driver driver =
        new Driver(process.name(), step.get(managed) == Answer.TRUE, maskOf(step.get(maskBits)));
    process.machine().devices().attach(driver, device(step, device, process));
    return null;
  }

  private static long maskOf(long bits) {
    return bits == Long.SIZE ? -1 : (1L << bits) - 1;
  }

  @Override
  protected String words(Step step) {
    String managing = step.get(managed) == Answer.TRUE ? ", whose DMA it manages" : "";
    return "binds to %s%s".formatted(step.get(device), managing);
  }

  private enum Answer {
    FALSE,
    TRUE
  }

  /** A driver that does nothing by itself but keep its device awake. */
  private record Driver(String name, boolean driverManagedDma, long mask)
      implements PlatformDriver {
    @Override
    public ImmutableList<String> compatibles() {
      return ImmutableList.of();
    }

    @Override
    public void probe(PlatformDevice device) throws ErrnoException {
      device.dma().setMask(mask);
      device.dma().setCoherentMask(mask);
      RuntimePm pm = device.pm();
      pm.enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
      pm.get();
      device.devres().add("let the device sleep", () -> letSleep(pm));
    }

    private static void letSleep(RuntimePm pm) {
      try {
        pm.put();
      } catch (ErrnoException e) {
        throw new IllegalStateException("clocks alone refuse nothing", e);
      }
    }
  }
}
