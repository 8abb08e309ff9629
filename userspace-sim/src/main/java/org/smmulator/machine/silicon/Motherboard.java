package org.smmulator.machine.silicon;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
import org.smmulator.hw.display.Panel;
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

/**
 * The hardware of a machine: a model for each node of the device tree that a factory knows, and the
 * wires between the models, as the tree has them.
 */
@Singleton
public final class Motherboard {
  private static final int SPI_TYPE = 0;
  private static final int FIRST_SPI = 32;
  private static final int FIRST_PPI = 16;
  private static final int INTERRUPT_CELLS = 3;

  private final ImmutableMap<String, ModelFactory> factories;
  private final Dram dram;
  private final Timebase timebase;
  private final SystemBus bus;
  private final IrqController interrupts;
  private final PowerWires power;
  private final Interposer interposer;
  private final @Nullable CpuCache caches;
  private final IommuBindings iommus;

  // Looked up by node, never iterated.
  private final Set<DtNode> visited = new HashSet<>();
  private final Map<DtNode, Translator> translators = new HashMap<>();
  private final Map<DtNode, ContextBankPort> contextBanks = new HashMap<>();
  private final Map<DtNode, AtsPort> atsPorts = new HashMap<>();

  /** By the name of the node that sends to it, in the order of the tree. */
  private final Map<String, Panel> panels = new LinkedHashMap<>();

  @Inject
  Motherboard(
      DeviceTree tree,
      ImmutableMap<String, ModelFactory> factories,
      Dram dram,
      Timebase timebase,
      SystemBus bus,
      IrqController interrupts,
      PowerWires power,
      Interposer interposer,
      PageAllocator pages) {
    this.factories = factories;
    this.dram = dram;
    this.timebase = timebase;
    this.bus = bus;
    this.interrupts = interrupts;
    this.power = power;
    this.interposer = interposer;
    this.caches = pages.cpu().cache();
    this.iommus = new IommuBindings(tree);
  }

  /** Makes the models of {@code tree}; a node that no factory knows gets none. */
  public void install(DeviceTree tree) {
    tree.nodes().stream().filter(DtNode::isAvailable).forEach(this::install);
  }

  /** Makes the model of {@code node}, unless another model has needed it before. */
  private void install(DtNode node) {
    if (!visited.add(node)) {
      return;
    }
    for (String compatible : node.compatible()) {
      ModelFactory factory = factories.get(compatible);
      if (factory != null) {
        factory.install(node, this);
        return;
      }
    }
  }

  /** Returns the panels by the name of the node of the controller in front of them. */
  public ImmutableMap<String, Panel> panels() {
    return ImmutableMap.copyOf(panels);
  }

  // ---- what a factory takes

  Dram dram() {
    return dram;
  }

  Timebase timebase() {
    return timebase;
  }

  /** Returns the pin of entry {@code index} of the node's {@code interrupts}. */
  IrqPin interrupt(DtNode node, int index) {
    if (index < 0 || index >= interruptCount(node)) {
      throw node.wrong("interrupts", "expected at least %d entries".formatted(index + 1));
    }
    ImmutableIntArray cells = node.cells("interrupts");
    int first = cells.get(index * INTERRUPT_CELLS) == SPI_TYPE ? FIRST_SPI : FIRST_PPI;
    return interrupt(first + cells.get(index * INTERRUPT_CELLS + 1));
  }

  /** Returns the pin of interrupt {@code number}, as the GIC counts: shared ones start at 32. */
  IrqPin interrupt(int number) {
    return interrupts.line(number);
  }

  int interruptCount(DtNode node) {
    return node.cells("interrupts").length() / INTERRUPT_CELLS;
  }

  /** Returns a port to memory for a device: through its IOMMU if it has one, else its buses. */
  BusMaster master(DtNode node) {
    return master(node, 0);
  }

  /**
   * Returns a port to memory as entry {@code index} of the node's {@code iommus} has it, for a
   * device that masters as several streams.
   *
   * <p>Behind an IOMMU the {@code dma-ranges} of the buses between it and the device translate
   * nothing: so Documentation/devicetree/bindings/iommu/iommu.txt has it, and the kernel only reads
   * from them how far they reach. If the IOMMU is disabled or has no model, the device sees memory
   * through them.
   */
  BusMaster master(DtNode node, int index) {
    ImmutableList<DtReference> entries = iommus.of(node);
    if (entries.isEmpty() && index == 0) {
      return new BusMaster(dram, bus, snooped(node, busesAbove(node)), 0);
    }
    if (index >= entries.size()) {
      throw node.wrong("iommus", "expected at least %d entries".formatted(index + 1));
    }
    DtReference entry = entries.get(index);
    install(entry.node());
    int streamId = entry.args().isEmpty() ? 0 : entry.args().get(0);
    Translator translator = translator(node, entry.node(), streamId);
    return new BusMaster(dram, bus, snooped(node, translator), streamId);
  }

  /** Makes the accesses of a coherent device snoop the CPUs' caches, if those are modelled. */
  private Translator snooped(DtNode device, Translator translator) {
    return caches != null && OfDma.isCoherent(device)
        ? new SnoopingTranslator(translator, caches::snoop)
        : translator;
  }

  /**
   * Returns what the buses above {@code node} make of its addresses, by their {@code dma-ranges}.
   */
  private static Translator busesAbove(DtNode node) {
    DtNode parent = node.parent();
    if (parent == null) {
      return Translator.none();
    }
    ImmutableList<Window> windows =
        DmaRange.of(parent).stream()
            .map(range -> new Window(range.dmaStart(), range.cpuStart(), range.sizeBytes()))
            .collect(toImmutableList());
    return windows.isEmpty() ? busesAbove(parent) : new BusWindows(windows, busesAbove(parent));
  }

  private Translator translator(DtNode device, DtNode iommu, int streamId) {
    Translator modelled = iommu.isAvailable() ? translators.get(iommu) : null;
    Translator plain = modelled == null ? busesAbove(device) : modelled;
    int window = AtsProperties.window(device);
    if (window == AtsProperties.NO_WINDOW) {
      return plain;
    }
    AtsPort port = atsPorts.get(iommu);
    if (port == null) {
      throw device.wrong("iommus", "expected an SMMU that can be asked, as the device has ATS");
    }
    AtsDevice ats = new AtsDevice(AtsProperties.config(device), timebase, port, plain, streamId);
    registers(device, window, ats.mmio());
    return ats;
  }

  /** Returns the wires from a GPU to the context banks of the SMMU that it is behind. */
  ContextBankPort contextBanksFor(DtNode node) {
    ImmutableList<DtReference> entries = iommus.of(node);
    ContextBankPort port = null;
    if (!entries.isEmpty()) {
      install(entries.getFirst().node());
      port = contextBanks.get(entries.getFirst().node());
    }
    if (port == null) {
      throw node.wrong("iommus", "expected an SMMU that a GPU can be wired to");
    }
    return port;
  }

  /** Returns a wire that is high while the device's power domain is on and all its clocks run. */
  Wire powerAndClocksOf(DtNode node) {
    return power.domainAndClocksOf(node);
  }

  // ---- what a factory connects

  /** Puts registers where entry {@code index} of the node's {@code reg} says. */
  void registers(DtNode node, int index, MmioTarget target) {
    registers(node, index, target, power.domainOf(node));
  }

  /** Puts registers there, which answer while {@code powered} is high and else abort. */
  void registers(DtNode node, int index, MmioTarget target, Wire powered) {
    if (index >= node.reg().size()) {
      throw node.wrong("reg", "expected at least %d entries".formatted(index + 1));
    }
    DtRange range = node.reg().get(index);
    MmioTarget wired = interposer.registers(node, target);
    bus.attach(node.name(), range.base(), range.sizeBytes(), wired, powered);
  }

  /** Makes {@code node} the IOMMU of the devices that refer to it. */
  void translator(DtNode node, Translator translator) {
    translators.put(node, interposer.translator(node, translator));
  }

  /** Makes the context banks of {@code node} ones that a GPU can be wired to. */
  void contextBanks(DtNode node, ContextBankPort port) {
    contextBanks.put(node, interposer.contextBanks(node, port));
  }

  /** Lets devices behind {@code node} ask it for translations and pages. */
  void ats(DtNode node, AtsPort port) {
    atsPorts.put(node, port);
  }

  /** Puts a panel at the end of {@code node}. */
  void panel(DtNode node, Panel panel) {
    panels.put(node.name(), panel);
  }
}
