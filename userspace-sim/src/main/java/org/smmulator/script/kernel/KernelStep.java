package org.smmulator.script.kernel;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** A step of a driver: one call of an interface that the kernel has for drivers. */
public abstract class KernelStep extends StepType {
  /** Memory that a CPU in the kernel reaches. */
  public static final Kind<KernelMemory> MEMORY = new Kind<>("memory", KernelMemory.class);

  /** Pages. */
  public static final Kind<KernelPages> PAGES = new Kind<>("pages", KernelPages.class);

  /** An address that a device can use. */
  public static final Kind<BusAddress> BUS_ADDRESS = new Kind<>("a bus address", BusAddress.class);

  /** A token of a task, by whose PASID a device says whose address it means. */
  public static final Kind<Tagged> TAG = new Kind<>("a bound task", Tagged.class);

  /** A device of the platform bus. */
  public static final FieldType<String> DEVICE =
      Scalar.text("a device", "/soc@0/usb@a030000 or a030000.usb");

  /** Declares a step without a result. */
  protected KernelStep(String keyword, String sentence) {
    super(keyword, sentence);
  }

  /** Declares a step whose result can be named. */
  protected KernelStep(String keyword, String sentence, Kind<?> yields) {
    super(keyword, sentence, yields);
  }

  @Override
  public final boolean standsOn(Side side) {
    return side == Side.KERNEL;
  }

  /**
   * The device that a step names: by its path in the device tree or in sysfs, or by its name.
   *
   * @throws ErrnoException ENODEV if there is none
   */
  protected static PlatformDevice device(Step step, FormField<String> field, ProcessRun process)
      throws ErrnoException {
    return device(step.get(field), process);
  }

  static PlatformDevice device(String given, ProcessRun process) throws ErrnoException {
    PlatformDevice found = find(given, process.machine());
    if (found == null) {
      throw ENODEV.because("there is no device %s", given);
    }
    return found;
  }

  /** The device of that name or path; null if there is none. */
  public static @Nullable PlatformDevice find(String given, Machine machine) {
    for (PlatformDevice device : machine.devices().devices()) {
      boolean named = given.equals(device.name()) || given.equals(device.sysfsPath());
      if (named || (device.of() != null && given.equals(device.node().path()))) {
        return device;
      }
    }
    return null;
  }

  /**
   * The physical address that a driver's CPU finds something at.
   *
   * @throws FailedExpectation if the memory's owner has ended without making it, or it is freed
   */
  protected static long physical(Address<KernelMemory> at, ProcessRun process)
      throws FailedExpectation {
    Ref<KernelMemory> base = at.base();
    return base == null ? at.offset() : process.find(base).paAt(at.offset());
  }

  /**
   * The physical address of 32 bits of memory for a driver's CPU.
   *
   * @throws FailedExpectation if there is no memory, or as {@link #physical} does
   */
  static long word(Address<KernelMemory> at, ProcessRun process) throws FailedExpectation {
    long pa = physical(at, process);
    FailedExpectation.unless(
        process.machine().dram().covers(pa, Integer.BYTES),
        "memory at pa 0x%x".formatted(pa),
        "there is none");
    return pa;
  }

  /**
   * The address that a device finds something at.
   *
   * @throws FailedExpectation if what it is in has not been made, or was given back
   */
  protected static long bus(Address<BusAddress> at, ProcessRun process) throws FailedExpectation {
    Ref<BusAddress> base = at.base();
    return base == null ? at.offset() : process.find(base).address() + at.offset();
  }
}
