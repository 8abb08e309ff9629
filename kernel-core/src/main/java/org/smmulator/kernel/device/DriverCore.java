package org.smmulator.kernel.device;

import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENXIO;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.pm.Supply;

/**
 * The platform bus: makes devices from the tree and brings them and their drivers together.
 *
 * <p>Kernel: {@code drivers/base/dd.c}, {@code drivers/base/platform.c}, {@code
 * drivers/of/platform.c}. A boot calls {@link #populate}, {@link #registerDrivers}, {@link
 * #lateInitcall} and {@link #reportDeferred}, in this order.
 */
public final class DriverCore {
  /** Kernel: {@code of_default_bus_match_table} in {@code drivers/of/platform.c}. */
  private static final ImmutableSet<String> BUSES =
      ImmutableSet.of("simple-bus", "simple-mfd", "isa", "arm,amba-bus");

  private enum Outcome {
    BOUND,
    DEFERRED,
    FAILED
  }

  private final PlatformServices services;
  private final ImmutableList<PlatformDriver> drivers;
  private final IommuHooks iommu;
  private final ArchDmaSetup arch;
  private final List<PlatformDevice> devices = new ArrayList<>();
  private final List<PlatformDriver> registered = new ArrayList<>();
  private final List<PlatformDevice> pending = new ArrayList<>();
  private final List<Consumer<Device>> unboundListeners = new ArrayList<>();
  private boolean retriesEnabled;
  private boolean timedOut;
  private boolean retrying;
  private boolean triggered;

  /**
   * Makes an empty bus.
   *
   * @param drivers all drivers of the machine, in the order of their initcalls
   */
  public DriverCore(
      PlatformServices services,
      ImmutableList<PlatformDriver> drivers,
      IommuHooks iommu,
      ArchDmaSetup arch) {
    this.services = services;
    this.drivers = drivers;
    this.iommu = iommu;
    this.arch = arch;
  }

  /**
   * Makes a device of each available node that has a {@code compatible}, below the root and below
   * simple buses, in the order of the tree. Kernel: {@code of_platform_default_populate()}.
   */
  public void populate(DeviceTree tree) {
    populate(tree, ImmutableMap.of());
  }

  /**
   * The same, on a board that lacks the hardware of some nodes: their devices get no driver, and a
   * line says why.
   *
   * @param leftOut these nodes, each with the reason
   */
  public void populate(DeviceTree tree, ImmutableMap<DtNode, String> leftOut) {
    for (DtNode child : tree.root().children()) {
      populate(child, leftOut);
    }
  }

  /**
   * Registers the drivers one after the other; each takes the devices that it matches. Modules make
   * their own devices before.
   */
  public void registerDrivers() {
    ImmutableList<PlatformDevice> told = devices();
    for (PlatformDriver driver : drivers) {
      if (driver.makesDevice(told)) {
        add(PlatformDevice.simple(driver.name(), services));
      }
    }
    for (PlatformDriver driver : drivers) {
      registered.add(driver);
      for (PlatformDevice device : devices) {
        if (device.driver == null && device.match(driver) != null) {
          var _ = probeDevice(driver, device);
        }
      }
    }
  }

  /** Retries deferred probes, now and from now on. Kernel: {@code deferred_probe_initcall()}. */
  public void lateInitcall() {
    retriesEnabled = true;
    triggered = true;
    retry();
  }

  /**
   * The time is over in which a driver of an IOMMU may come: probes that waited for it go on
   * without, and what still waits is said. Kernel: {@code deferred_probe_timeout_work_func()}.
   */
  public void reportDeferred() {
    timedOut = true;
    triggered = true;
    retry();
    for (PlatformDevice device : pending) {
      device.warn("deferred probe pending: %s", device.deferredReason);
    }
  }

  /** All devices, in the order in which they were made. */
  public ImmutableList<PlatformDevice> devices() {
    return ImmutableList.copyOf(devices);
  }

  /** The drivers that are registered, in the order in which they were. */
  public ImmutableList<PlatformDriver> drivers() {
    return ImmutableList.copyOf(registered);
  }

  /** The device of that name; null if there is none. */
  public @Nullable PlatformDevice find(String name) {
    for (PlatformDevice device : devices) {
      if (device.name().equals(name)) {
        return device;
      }
    }
    return null;
  }

  /**
   * The device of {@code node}; null if there is none. Kernel: {@code of_find_device_by_node()}.
   */
  @Nullable PlatformDevice find(DtNode node) {
    for (PlatformDevice device : devices) {
      if (device.node().equals(node)) {
        return device;
      }
    }
    return null;
  }

  /**
   * Takes the driver off {@code device}, and before that off every device that it supplies. Kernel:
   * {@code device_release_driver()}.
   */
  public void unbind(PlatformDevice device) {
    PlatformDriver driver = device.driver;
    if (driver == null) {
      return;
    }
    for (PlatformDevice consumer : devices.reversed()) {
      if (Suppliers.of(consumer.node()).contains(device.node())) {
        unbind(consumer);
      }
    }
    endDmaUse(driver, device);
    device.devres().releaseAll();
    letGo(device);
    unboundListeners.forEach(listener -> listener.accept(device));
  }

  /**
   * Takes {@code driver} off the device of that name. Kernel: {@code unbind_store()}.
   *
   * @throws ErrnoException ENODEV if there is no such device, or it has another driver or none
   */
  @SuppressWarnings("ReferenceEquality") // a driver is the object that was registered
  public void unbind(PlatformDriver driver, String name) throws ErrnoException {
    PlatformDevice device = find(name);
    if (device == null || device.driver != driver) {
      throw ENODEV.because("%s does not drive a device '%s'", driver.name(), name);
    }
    unbind(device);
  }

  /**
   * Has {@code driver}, and no other, take the device of that name. A probe that would have to wait
   * is not tried again. Kernel: {@code bind_store()}.
   *
   * @throws ErrnoException ENODEV if there is no such device, or the driver does not want it; EBUSY
   *     if it has a driver; EAGAIN if the probe would have to wait; what the probe gives
   */
  public void bind(PlatformDriver driver, String name) throws ErrnoException {
    PlatformDevice device = find(name);
    if (device == null || device.match(driver) == null) {
      throw ENODEV.because("%s is for no device '%s'", driver.name(), name);
    }
    attach(driver, device);
  }

  /**
   * Has a driver take {@code device} again, if it has none: the other direction of {@link #unbind}.
   * Kernel: {@code device_attach()}.
   */
  public void bind(PlatformDevice device) {
    if (device.driver == null) {
      attach(device);
    }
  }

  /**
   * Has {@code driver} take {@code device}, whatever its compatible says and whether the driver is
   * registered or not. Kernel: {@code device_driver_attach()}.
   *
   * @throws ErrnoException EBUSY if the device has a driver; EAGAIN if the probe wants to wait;
   *     what else the probe, or the IOMMU in front of it, refuses with
   */
  public void attach(PlatformDriver driver, PlatformDevice device) throws ErrnoException {
    if (device.driver != null) {
      throw EBUSY.because("%s is bound to %s", device.name(), device.driver.name());
    }
    try {
      driverProbeDevice(driver, device);
    } catch (ErrnoException e) {
      if (device.driver != null) {
        letGo(device);
      }
      throw e.errno() == EPROBE_DEFER ? EAGAIN.because("%s", e.reason()) : e;
    }
  }

  /**
   * Has {@code listener} told of each device that lost its driver. Kernel: {@code
   * BUS_NOTIFY_UNBOUND_DRIVER}.
   */
  public void onUnbound(Consumer<Device> listener) {
    unboundListeners.add(listener);
  }

  /** Unbinds {@code device} and takes it off the bus. Kernel: {@code device_del()}. */
  public void remove(PlatformDevice device) {
    unbind(device);
    forgetDeferral(device);
    if (devices.remove(device)) {
      iommu.deviceRemoved(device);
    }
  }

  private void populate(DtNode node, ImmutableMap<DtNode, String> leftOut) {
    if (!node.isAvailable() || !node.has("compatible")) {
      return;
    }
    PlatformDevice device = new PlatformDevice(nameOf(node), node, services);
    device.onBus = this;
    String why = leftOut.get(node);
    if (why != null) {
      device.hasHardware = false;
      device.warn("left out: %s", why);
    }
    PciHosts.report(device);
    device.dma().setUntrusted(OfDma.isExternal(device.node()));
    add(device);
    if (node.compatible().stream().anyMatch(BUSES::contains)) {
      for (DtNode child : node.children()) {
        populate(child, leftOut);
      }
    }
  }

  private void add(PlatformDevice device) {
    devices.add(device);
    iommu.deviceAdded(device);
  }

  /** Returns the name of the device of a node. Kernel: {@code of_device_make_bus_id()}. */
  public static String nameOf(DtNode node) {
    String below = "";
    for (DtNode at = node; at.parent() != null; at = at.parent()) {
      OptionalLong address = at.cpuAddress();
      if (address.isPresent()) {
        return "%x.%s%s".formatted(address.getAsLong(), at.baseName(), below);
      }
      below = ":" + at.name() + below;
    }
    return below.substring(1);
  }

  private void retry() {
    if (retrying) {
      return; // the loop below sees the trigger
    }
    retrying = true;
    while (triggered && !pending.isEmpty()) {
      triggered = false;
      ImmutableList<PlatformDevice> batch = ImmutableList.copyOf(pending);
      pending.clear();
      batch.forEach(this::attach);
    }
    retrying = false;
  }

  /** Tries the drivers until one binds or wants to wait. Kernel: {@code __device_attach()}. */
  private void attach(PlatformDevice device) {
    for (PlatformDriver driver : registered) {
      if (device.match(driver) != null && probeDevice(driver, device) != Outcome.FAILED) {
        return;
      }
    }
  }

  private Outcome probeDevice(PlatformDriver driver, PlatformDevice device) {
    try {
      driverProbeDevice(driver, device);
      return Outcome.BOUND;
    } catch (ErrnoException e) {
      return failed(device, e);
    }
  }

  /** Probes, and what waited for that is tried again. Kernel: {@code __driver_probe_device()}. */
  private void driverProbeDevice(PlatformDriver driver, PlatformDevice device)
      throws ErrnoException {
    try {
      reallyProbe(driver, device);
    } catch (DeviceTreeException e) {
      device.err("%s", e.getMessage());
      throw EINVAL.because("the node makes no sense");
    }
    forgetDeferral(device);
    triggered = true;
    if (retriesEnabled) {
      retry();
    }
  }

  private Outcome failed(PlatformDevice device, ErrnoException why) {
    String who = device.driverString();
    if (device.driver != null) {
      letGo(device);
    }
    if (why.errno() != EPROBE_DEFER) {
      forgetDeferral(device);
      return Outcome.FAILED;
    }
    device.deferredReason = who + ": " + why.reason();
    if (!pending.contains(device)) {
      pending.add(device);
    }
    return Outcome.DEFERRED;
  }

  /** Kernel: {@code really_probe()}. */
  private void reallyProbe(PlatformDriver driver, PlatformDevice device) throws ErrnoException {
    checkSuppliers(device);
    device.driver = driver;
    device.setDriverName(driver.name());
    configureDma(device);
    if (driver.driverManagedDma()) {
      iommu.managedByDriver(device);
    } else {
      iommu.useDefaultDomain(device);
    }
    boolean probed = false;
    try {
      callProbe(driver, device);
      probed = true;
    } finally {
      if (!probed) {
        endDmaUse(driver, device);
        device.devres().releaseAll();
      }
    }
  }

  /**
   * Prints why a probe failed; a refusal before it, such as that of the default domain, prints
   * nothing. Kernel: {@code call_driver_probe()}.
   */
  private static void callProbe(PlatformDriver driver, PlatformDevice device)
      throws ErrnoException {
    try {
      ImmutableList<Supply> domains = device.powerDomains();
      if (domains.size() == 1) {
        // With several, it is the driver that attaches them: so does the kernel.
        device.pm().attachDomain(domains.getFirst());
      }
      driver.probe(device);
      device.pm().settle();
    } catch (ErrnoException why) {
      if (why.errno() != EPROBE_DEFER && why.errno() != ENODEV && why.errno() != ENXIO) {
        device.err("error -%s: %s", why.errno(), why.reason());
        device.err(
            "probe with driver %s failed with error -%d", driver.name(), why.errno().number());
      }
      throw why;
    }
  }

  private void endDmaUse(PlatformDriver driver, PlatformDevice device) {
    if (driver.driverManagedDma()) {
      iommu.releasedByDriver(device);
    } else {
      iommu.unuseDefaultDomain(device);
    }
  }

  /** Kernel: {@code device_links_check_suppliers()}. */
  private void checkSuppliers(PlatformDevice device) throws ErrnoException {
    for (DtNode node : Suppliers.mandatoryOf(device.node())) {
      for (PlatformDevice supplier : devices) {
        if (supplier.node() == node && supplier.driver == null && isClaimed(supplier)) {
          throw EPROBE_DEFER.because("supplier %s not ready", supplier.name());
        }
      }
    }
  }

  private boolean isClaimed(PlatformDevice supplier) {
    return drivers.stream().anyMatch(driver -> supplier.match(driver) != null);
  }

  /** Kernel: {@code of_dma_configure()}, {@code driver_deferred_probe_check_state()}. */
  private void configureDma(PlatformDevice device) throws ErrnoException {
    OfDma.limit(device.dma(), device.node());
    try {
      iommu.configure(device);
    } catch (ErrnoException e) {
      if (e.errno() == EPROBE_DEFER && !timedOut) {
        throw e;
      }
      if (e.errno() == EPROBE_DEFER) {
        device.warn("deferred probe timeout, ignoring dependency");
      }
      // As in the kernel, the device goes on without an IOMMU.
    }
    OfDma.configure(device, arch, null);
  }

  /** Kernel: {@code device_unbind_cleanup()}. */
  private void letGo(PlatformDevice device) {
    arch.teardownDmaOps(device);
    device.pm().reset();
    device.driver = null;
    device.setDriverName(null);
  }

  private void forgetDeferral(PlatformDevice device) {
    pending.remove(device);
    device.deferredReason = null;
  }
}
