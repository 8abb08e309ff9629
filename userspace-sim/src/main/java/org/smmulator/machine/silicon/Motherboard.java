package org.smmulator.machine.silicon;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.ats.AtsDevice;
import org.smmulator.hw.ats.AtsPort;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.BusWindows;
import org.smmulator.hw.bus.BusWindows.Window;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.cache.SnoopingTranslator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.pm.SupplyMap;

/**
 * What is soldered on: a model for each node of the device tree that a factory knows, and the wires
 * between them as the tree has them.
 */
@Singleton
public final class Motherboard {
  private static final int SPI_TYPE = 0;
  private static final int FIRST_SPI = 32;
  private static final int FIRST_PPI = 16;
  private static final int INTERRUPT_CELLS = 3;
  private static final String ATS_WINDOW = "ats";
  private static final String PAGE_REQUESTS = "smmulator,page-requests";
  private static final String KEPT_TRANSLATIONS = "smmulator,kept-translations";
  private static final int NO_WINDOW = -1;

  private final ImmutableMap<String, ModelFactory> factories;
  private final Dram dram;
  private final Timebase timebase;
  private final SystemBus bus;
  private final IrqController interrupts;
  private final SupplyMap supplies;
  private final Interposer interposer;
  private final @Nullable CpuCache caches;

  /** What SMMUs list in their own nodes, {@code mmu-masters}: by master, an entry a stream. */
  private ImmutableListMultimap<DtNode, DtReference> listed = ImmutableListMultimap.of();

  // Looked up by node or reference, never iterated.
  private final Set<DtNode> soldered = new HashSet<>();
  private final Map<DtNode, Translator> translators = new HashMap<>();
  private final Map<DtNode, ContextBankPort> contextBanks = new HashMap<>();
  private final Map<DtNode, AtsPort> atsPorts = new HashMap<>();
  private final Map<DtReference, Wire> power = new HashMap<>();

  @Inject
  Motherboard(
      ImmutableMap<String, ModelFactory> factories,
      Dram dram,
      Timebase timebase,
      SystemBus bus,
      IrqController interrupts,
      SupplyMap supplies,
      Interposer interposer,
      PageAllocator pages) {
    this.factories = factories;
    this.dram = dram;
    this.timebase = timebase;
    this.bus = bus;
    this.interrupts = interrupts;
    this.supplies = supplies;
    this.interposer = interposer;
    this.caches = pages.cpu().cache();
  }

  /** Makes every model that is known; what is not known stays an empty place on the board. */
  public void solderAll(DeviceTree tree) {
    listed = listedMasters(tree);
    for (DtNode node : tree.nodes()) {
      if (node.isAvailable()) {
        solder(node);
      }
    }
  }

  private static ImmutableListMultimap<DtNode, DtReference> listedMasters(DeviceTree tree) {
    ImmutableListMultimap.Builder<DtNode, DtReference> found = ImmutableListMultimap.builder();
    for (DtNode iommu : tree.nodes()) {
      for (DtReference master : iommu.references("mmu-masters", "#stream-id-cells")) {
        master
            .args()
            .forEach(
                id -> found.put(master.node(), new DtReference(iommu, ImmutableIntArray.of(id))));
      }
    }
    return found.build();
  }

  /** Where a device masters through, an entry for each stream: by its own node, or by an SMMU's. */
  private ImmutableList<DtReference> iommusOf(DtNode node) {
    ImmutableList<DtReference> own = node.references("iommus", "#iommu-cells");
    return own.isEmpty() ? listed.get(node) : own;
  }

  private void solder(DtNode node) {
    if (!soldered.add(node)) {
      return;
    }
    for (String compatible : node.compatible()) {
      ModelFactory factory = factories.get(compatible);
      if (factory != null) {
        factory.solder(node, this);
        return;
      }
    }
  }

  // ---- what a factory gets

  Dram dram() {
    return dram;
  }

  Timebase timebase() {
    return timebase;
  }

  /** The pin of entry {@code index} of the node's {@code interrupts}. */
  IrqPin interrupt(DtNode node, int index) {
    ImmutableIntArray cells = node.cells("interrupts");
    if (index < 0 || index >= interruptCount(node)) {
      throw node.wrong("interrupts", "expected at least %d entries".formatted(index + 1));
    }
    int first = cells.get(index * INTERRUPT_CELLS) == SPI_TYPE ? FIRST_SPI : FIRST_PPI;
    return interrupts.line(first + cells.get(index * INTERRUPT_CELLS + 1));
  }

  /** The pin of interrupt {@code number}, as the controller counts: shared ones start at 32. */
  IrqPin interrupt(int number) {
    return interrupts.line(number);
  }

  int interruptCount(DtNode node) {
    return node.cells("interrupts").length() / INTERRUPT_CELLS;
  }

  /** A port to memory for a device: through its IOMMU if it has one, else as its bus shows it. */
  BusMaster master(DtNode node) {
    return master(node, 0);
  }

  /**
   * A port to memory as entry {@code index} of the node's {@code iommus} has it, for a device that
   * masters as several streams.
   *
   * <p>Where there is an IOMMU, the windows of the buses between it and the device count for
   * nothing: so Documentation/devicetree/bindings/iommu/iommu.txt has it, and the kernel only looks
   * how far they reach. Where it is disabled, or has no model, they are what the device sees.
   *
   * <p>A device whose {@code reg-names} have a window {@code ats} can do ATS, as one stream: it may
   * be allowed to ask its IOMMU and to keep {@code smmulator,kept-translations} of the answers.
   * With the property {@code smmulator,page-requests} it can have pages that are missing made
   * present; the property's value, if it has one, says how many at a time.
   */
  BusMaster master(DtNode node, int index) {
    ImmutableList<DtReference> iommus = iommusOf(node);
    if (iommus.isEmpty() && index == 0) {
      return new BusMaster(dram, bus, past(caches, node, busOf(node)), 0);
    }
    if (index >= iommus.size()) {
      throw node.wrong("iommus", "expected at least %d entries".formatted(index + 1));
    }
    DtReference iommu = iommus.get(index);
    solder(iommu.node());
    int streamId = iommu.args().isEmpty() ? 0 : iommu.args().get(0);
    Translator translator = past(caches, node, translator(node, iommu.node(), streamId));
    return new BusMaster(dram, bus, translator, streamId);
  }

  /** Leads the accesses of a coherent device past the CPUs' caches, if there is a model of them. */
  private static Translator past(@Nullable CpuCache caches, DtNode device, Translator translator) {
    return caches != null && OfDma.isCoherent(device)
        ? new SnoopingTranslator(translator, caches::snoop)
        : translator;
  }

  /** What lies between a node and memory, the buses' {@code dma-ranges} in their order. */
  private static Translator busOf(DtNode node) {
    DtNode parent = node.parent();
    if (parent == null) {
      return Translator.none();
    }
    ImmutableList<Window> windows =
        DmaRange.of(parent).stream()
            .map(range -> new Window(range.dmaStart(), range.cpuStart(), range.sizeBytes()))
            .collect(toImmutableList());
    return windows.isEmpty() ? busOf(parent) : new BusWindows(windows, busOf(parent));
  }

  private Translator translator(DtNode device, DtNode iommu, int streamId) {
    Translator plain = iommu.isAvailable() ? translators.get(iommu) : null;
    if (plain == null) {
      plain = busOf(device);
    }
    int window =
        device.has("reg-names") ? device.strings("reg-names").indexOf(ATS_WINDOW) : NO_WINDOW;
    if (window == NO_WINDOW) {
      return plain;
    }
    AtsPort port = atsPorts.get(iommu);
    if (port == null) {
      throw device.wrong("iommus", "expected an SMMU that can be asked, as the device has ATS");
    }
    AtsDevice made = new AtsDevice(ats(device), timebase, port, plain, streamId);
    registers(device, window, made.mmio());
    return made;
  }

  private static AtsDevice.Config ats(DtNode device) {
    int pages = 0;
    if (device.has(PAGE_REQUESTS)) {
      pages = device.cells(PAGE_REQUESTS).isEmpty() ? 1 : positive(device, PAGE_REQUESTS, null);
    }
    int kept = positive(device, KEPT_TRANSLATIONS, Timing.KEPT_TRANSLATIONS);
    return new AtsDevice.Config(kept, pages, Timing.ATS_ANSWER_NS);
  }

  /** The wires from a GPU to the context banks of the IOMMU that it is behind. */
  ContextBankPort contextBanksFor(DtNode node) {
    ImmutableList<DtReference> iommus = iommusOf(node);
    ContextBankPort port = null;
    if (!iommus.isEmpty()) {
      solder(iommus.getFirst().node());
      port = contextBanks.get(iommus.getFirst().node());
    }
    if (port == null) {
      throw node.wrong("iommus", "expected an SMMU that a GPU can be wired to");
    }
    return port;
  }

  // ---- what a factory puts on the board

  /** Puts registers where entry {@code index} of the node's {@code reg} says. */
  void registers(DtNode node, int index, MmioTarget target) {
    registers(node, index, target, powerOf(node));
  }

  /**
   * As {@link #registers(DtNode, int, MmioTarget)}, to be reached while {@code powered} is high.
   */
  void registers(DtNode node, int index, MmioTarget target, Wire powered) {
    if (index >= node.reg().size()) {
      throw node.wrong("reg", "expected at least %d entries".formatted(index + 1));
    }
    DtRange range = node.reg().get(index);
    MmioTarget wired = interposer.registers(node, target);
    bus.attach(node.name(), range.base(), range.sizeBytes(), wired, powered);
  }

  /** Says that {@code node} is an IOMMU. */
  void translator(DtNode node, Translator translator) {
    translators.put(node, interposer.translator(node, translator));
  }

  /** Says that the context banks of {@code node} can be wired to a GPU. */
  void contextBanks(DtNode node, ContextBankPort port) {
    contextBanks.put(node, interposer.contextBanks(node, port));
  }

  /** Says that devices behind {@code node} may ask it for translations and pages. */
  void ats(DtNode node, AtsPort port) {
    atsPorts.put(node, port);
  }

  /** High while the device's power domain is on; who names none is always on. */
  private Wire powerOf(DtNode node) {
    ImmutableList<DtReference> domains = node.references("power-domains", "#power-domain-cells");
    return domains.isEmpty()
        ? Wire.tiedHigh()
        : power.computeIfAbsent(domains.getFirst(), this::switchable);
  }

  /** High while the device's power domain is on and all its clocks run. */
  Wire powerAndClocksOf(DtNode node) {
    Wire all = powerOf(node);
    for (DtReference clock : node.references("clocks", "#clock-cells")) {
      all = Wire.both(all, power.computeIfAbsent(clock, this::switchable));
    }
    return all;
  }

  private Wire switchable(DtReference domain) {
    Wire wire = Wire.low();
    String name = domain.node().name() + " " + domain.args();
    supplies.provide(domain.node(), domain.args(), new Supply(name, wire));
    return wire;
  }

  /** The value of a property that must be a number above zero. */
  static int positive(DtNode node, String property, @Nullable Integer absent) {
    int value = absent == null ? node.cell(property) : node.cell(property, absent);
    if (value <= 0) {
      throw node.wrong(property, "expected a number above 0");
    }
    return value;
  }
}
