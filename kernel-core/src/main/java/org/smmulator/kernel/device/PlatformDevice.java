package org.smmulator.kernel.device;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENXIO;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtInterrupt;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;

/**
 * A device that the device tree told of, or that a driver's module made. Kernel: {@code struct
 * platform_device}.
 *
 * <p>Its {@link RuntimePm} is also attached under that class, for who knows it as a {@link Device}.
 */
public final class PlatformDevice extends Device {
  private final DtNode node;
  private final PlatformServices services;
  private final RuntimePm pm;

  @Nullable PlatformDriver driver;
  @Nullable String deferredReason;

  /** The bus that it stands on; null for one below another device, or without a node. */
  @Nullable DriverCore onBus;

  /** False if no hardware is behind the node: then no driver can have the device. */
  boolean hasHardware = true;

  PlatformDevice(String name, DtNode node, PlatformServices services) {
    this(name, node, node, services);
  }

  private PlatformDevice(
      String name, @Nullable DtNode told, DtNode node, PlatformServices services) {
    super(name, "platform", told, services.dmesg());
    this.node = node;
    this.services = services;
    this.pm = new RuntimePm(services.scheduler(), name);
    attach(RuntimePm.class, pm);
  }

  /** Makes a device that software came up with. Its node is empty. */
  static PlatformDevice simple(String name, PlatformServices services) {
    return new PlatformDevice(name, null, DtNode.empty(name), services);
  }

  /** Below the buses that it is on. Kernel: {@code device_add()}. */
  @Override
  public String sysfsPath() {
    String path = "/" + name();
    for (DtNode bus = node.parent(); bus != null && bus.parent() != null; bus = bus.parent()) {
      path = "/" + DriverCore.nameOf(bus) + path;
    }
    return "/sys/devices/platform" + path;
  }

  /** The node that describes the device; an empty one if no tree told of it. */
  public DtNode node() {
    return node;
  }

  /** The driver that is bound, or being probed; null if none. */
  public @Nullable PlatformDriver driver() {
    return driver;
  }

  /** Why its probe waits; null if it does not. */
  public @Nullable String deferredReason() {
    return deferredReason;
  }

  /** When the device is awake. */
  public RuntimePm pm() {
    return pm;
  }

  /**
   * The most specific of the node's compatibles that {@code driver} knows; for a device without a
   * node, the driver's name if it is the device's own. Null if they do not fit, or nothing is there
   * to drive. Kernel: {@code platform_match()}, {@code of_match_device()}.
   */
  public @Nullable String match(PlatformDriver candidate) {
    if (!hasHardware) {
      return null;
    }
    if (of() == null && name().equals(candidate.name())) {
      return name();
    }
    for (String compatible : node.compatible()) {
      if (candidate.compatibles().contains(compatible)) {
        return compatible;
      }
    }
    return null;
  }

  /**
   * Opens the window of entry {@code index} of {@code reg}. Kernel: {@code
   * devm_platform_ioremap_resource()}.
   *
   * @throws ErrnoException EINVAL if there is no such entry, or it is empty or 2 GiB long
   */
  public Mmio registers(int index) throws ErrnoException {
    return registersOf(node, index);
  }

  private Mmio registersOf(DtNode of, int index) throws ErrnoException {
    ImmutableList<DtRange> ranges = of.reg();
    if (index < 0 || index >= ranges.size()) {
      throw EINVAL.because("invalid resource: %s has no reg entry %d", of.path(), index);
    }
    DtRange range = ranges.get(index);
    if (range.sizeBytes() <= 0 || range.sizeBytes() > Integer.MAX_VALUE) {
      throw EINVAL.because(
          "invalid resource: %s has 0x%x bytes of registers", of.path(), range.sizeBytes());
    }
    return services.bus().map(range.base(), (int) range.sizeBytes());
  }

  /**
   * Opens the registers of the system controller that {@code property} refers to, which are no
   * driver's own. Kernel: {@code syscon_regmap_lookup_by_phandle()}.
   *
   * @throws ErrnoException ENODEV without the property; EINVAL if it refers to no system controller
   */
  public Mmio syscon(String property) throws ErrnoException {
    DtNode controller = node.reference(property);
    if (controller == null) {
      throw ENODEV.because("%s has no %s", node.path(), property);
    }
    if (!controller.isCompatible("syscon")) {
      throw EINVAL.because("%s is no system controller", controller.path());
    }
    return registersOf(controller, 0);
  }

  /** As {@link #registers(int)}, by a name in {@code reg-names}. */
  public Mmio registers(String name) throws ErrnoException {
    return registers(indexOf("reg-names", name));
  }

  /**
   * The interrupt line of entry {@code index} of {@code interrupts}. Kernel: {@code
   * platform_get_irq()}.
   *
   * @throws ErrnoException ENXIO if there is no such entry
   */
  public IrqLine irq(int index) throws ErrnoException {
    if (index < 0 || index >= irqCount()) {
      throw ENXIO.because("IRQ index %d not found", index);
    }
    return services.irqs().line(node, node.interrupts().get(index));
  }

  /** As {@link #irq}, by a name in {@code interrupt-names}. */
  public IrqLine irqByName(String name) throws ErrnoException {
    int index = indexOf("interrupt-names", name);
    if (index < 0) {
      throw ENXIO.because("IRQ %s not found", name);
    }
    return irq(index);
  }

  /**
   * The line of an interrupt that this device, itself an interrupt controller, hands on.
   *
   * @param controller its node, or one below it
   * @param cells what names the interrupt
   */
  public IrqLine irqBehind(DtNode controller, ImmutableIntArray cells) {
    return services.irqs().line(node, new DtInterrupt(controller, cells));
  }

  /** How many interrupts the device has. Kernel: {@code platform_irq_count()}. */
  public int irqCount() {
    return node.interrupts().size();
  }

  /** All clocks, in the order of {@code clocks}. Kernel: {@code devm_clk_bulk_get_all()}. */
  public ImmutableList<Supply> clocks() {
    return supplies("clocks", "#clock-cells");
  }

  /**
   * The clock of that name in {@code clock-names}; null if there is none. Kernel: {@code
   * msm_clk_get()}.
   */
  public @Nullable Supply clock(String name) {
    return named(clocks(), "clock-names", name);
  }

  ImmutableList<Supply> powerDomains() {
    return supplies("power-domains", "#power-domain-cells");
  }

  /**
   * One of several power domains, by its name in {@code power-domain-names}: the driver switches it
   * itself. Kernel: {@code dev_pm_domain_attach_by_name()}.
   *
   * @throws ErrnoException ENODEV if there is no such domain
   */
  public Supply powerDomain(String name) throws ErrnoException {
    Supply found = named(powerDomains(), "power-domain-names", name);
    if (found == null) {
      throw ENODEV.because("%s has no power domain %s", node.path(), name);
    }
    return found;
  }

  private @Nullable Supply named(ImmutableList<Supply> all, String names, String name) {
    int index = indexOf(names, name);
    return index < 0 || index >= all.size() ? null : all.get(index);
  }

  /**
   * The device of {@code other} on the same bus; null if there is none. Kernel: {@code
   * of_find_device_by_node()}.
   */
  public @Nullable PlatformDevice deviceOf(DtNode other) {
    return onBus == null ? null : onBus.find(other);
  }

  private ImmutableList<Supply> supplies(String property, String cellsName) {
    return node.references(property, cellsName).stream()
        .map(services.supplies()::resolve)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Devices for the nodes below this one, which are no bus: its driver drives them too. Kernel:
   * {@code devm_of_platform_populate()}.
   */
  public ImmutableList<PlatformDevice> children() {
    return node.children().stream()
        .filter(child -> child.isAvailable() && child.has("compatible"))
        .map(child -> new PlatformDevice(DriverCore.nameOf(child), child, services))
        .collect(ImmutableList.toImmutableList());
  }

  private int indexOf(String property, String name) {
    return node.has(property) ? node.strings(property).indexOf(name) : -1;
  }
}
