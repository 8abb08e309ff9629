package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;

/** A driver of devices on the platform bus. Kernel: {@code platform_driver}. */
public interface PlatformDriver {
  /** The name that the log shows, such as {@code arm-smmu}. */
  String name();

  /** Returns the compatibles that it drives. Kernel: {@code of_match_table}. */
  ImmutableList<String> compatibles();

  /**
   * Takes {@code device} into operation. What it acquires it adds to {@link Device#devres}: if this
   * throws, or the driver unbinds, all of that is released in reverse.
   *
   * @throws ErrnoException EPROBE_DEFER to be asked again when another driver has bound; ENODEV or
   *     ENXIO to decline in silence; anything else is reported in the log
   */
  void probe(PlatformDevice device) throws ErrnoException;

  /**
   * Returns whether the driver's module makes a device of the driver's own name, which no firmware
   * tells of: the logical device over {@code devices}, say. Such a module is loaded if the board
   * has something for it. Kernel: {@code platform_device_register_simple()} in an initcall.
   *
   * @param devices those that firmware told of
   */
  default boolean makesDevice(ImmutableList<PlatformDevice> devices) {
    return false;
  }

  /**
   * Returns whether the driver looks after the device's DMA itself, so that it may bind whatever
   * domain the device's group is in. Kernel: {@code driver_managed_dma}.
   */
  default boolean driverManagedDma() {
    return false;
  }

  /**
   * Returns whether root cannot bind and unbind the driver: sysfs has no files for that then.
   * Kernel: {@code suppress_bind_attrs}.
   */
  default boolean suppressBindAttrs() {
    return false;
  }
}
