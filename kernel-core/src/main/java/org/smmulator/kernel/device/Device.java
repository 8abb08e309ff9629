package org.smmulator.kernel.device;

import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.trace.Dmesg;

/**
 * A device, as the driver core and the subsystems that it belongs to know it. Kernel: {@code struct
 * device}.
 */
public class Device {
  private final String name;
  private final String bus;
  private final @Nullable DtNode node;
  private final Dmesg dmesg;

  // Looked up by class, never iterated.
  private final Map<Class<?>, Object> attachments = new HashMap<>();
  private final Devres devres = new Devres();
  private final DmaSettings dma = new DmaSettings();
  private @Nullable String driverName;
  private @Nullable PlainDirectory nodes;

  /**
   * Makes a device that no driver is bound to.
   *
   * @param name such as {@code 5000000.gpu}
   * @param bus the bus's name, such as {@code platform}
   * @param node what firmware says of it; null if it was not firmware that told of it
   */
  public Device(String name, String bus, @Nullable DtNode node, Dmesg dmesg) {
    this.name = name;
    this.bus = bus;
    this.node = node;
    this.dmesg = dmesg;
  }

  /** The device's name. Kernel: {@code dev_name()}. */
  public final String name() {
    return name;
  }

  /** The node that describes the device; null if there is none. Kernel: {@code dev->of_node}. */
  public final @Nullable DtNode of() {
    return node;
  }

  /** The directory of the device in sysfs, whether it is shown or not. */
  public String sysfsPath() {
    return "/sys/devices/" + name;
  }

  /** The part of that directory that is made by the subsystems that the device belongs to. */
  public final PlainDirectory nodes() {
    PlainDirectory made = nodes;
    if (made == null) {
      made = new PlainDirectory(0755);
      nodes = made;
    }
    return made;
  }

  /** The name of the driver that is bound; null if none is. */
  public final @Nullable String driverName() {
    return driverName;
  }

  /** The bound driver's name, else the bus's. Kernel: {@code dev_driver_string()}. */
  public final String driverString() {
    return driverName == null ? bus : driverName;
  }

  /** Notes which driver is bound; null for none. */
  public final void setDriverName(@Nullable String driver) {
    driverName = driver;
  }

  /** The resources that are released when the driver is unbound. */
  public final Devres devres() {
    return devres;
  }

  /** Which addresses the device can reach. */
  public final DmaSettings dma() {
    return dma;
  }

  /** Hangs a subsystem's state on the device: what the kernel has a field or drvdata for. */
  public final <T> void attach(Class<T> type, T state) {
    checkState(attachments.put(type, state) == null, "%s has a %s already", name, type);
  }

  /** Takes a subsystem's state off the device. */
  public final void detach(Class<?> type) {
    attachments.remove(type);
  }

  /** The state of {@code type}; null if the device has none. */
  public final <T> @Nullable T find(Class<T> type) {
    return type.cast(attachments.get(type));
  }

  /** Kernel: {@code dev_notice()}. */
  @FormatMethod
  public final void notice(String format, @Nullable Object... args) {
    print(Dmesg.Level.NOTICE, String.format(Locale.ROOT, format, args));
  }

  /** Kernel: {@code dev_info()}. */
  @FormatMethod
  public final void info(String format, @Nullable Object... args) {
    print(Dmesg.Level.INFO, String.format(Locale.ROOT, format, args));
  }

  /** Kernel: {@code dev_warn()}. */
  @FormatMethod
  public final void warn(String format, @Nullable Object... args) {
    print(Dmesg.Level.WARNING, String.format(Locale.ROOT, format, args));
  }

  /** Kernel: {@code dev_err()}. */
  @FormatMethod
  public final void err(String format, @Nullable Object... args) {
    print(Dmesg.Level.ERR, String.format(Locale.ROOT, format, args));
  }

  /**
   * Warns unless this message of {@code function} has come too often, of whichever device. Kernel:
   * {@code dev_warn_ratelimited()}.
   */
  @FormatMethod
  public final void warnRatelimited(
      String function, @FormatString String format, @Nullable Object... args) {
    if (dmesg.rateLimit(function, format).allows()) {
      warn(format, args);
    }
  }

  /** As {@link #warnRatelimited}, for an error. Kernel: {@code dev_err_ratelimited()}. */
  @FormatMethod
  public final void errRatelimited(
      String function, @FormatString String format, @Nullable Object... args) {
    if (dmesg.rateLimit(function, format).allows()) {
      err(format, args);
    }
  }

  /** Kernel: {@code dev_printk()}. */
  private void print(Dmesg.Level level, String text) {
    dmesg.print(level, driverString() + " " + name + ": " + text);
  }
}
