package org.smmulator.machine.silicon;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.ats.AtsDevice;
import org.smmulator.hw.ats.AtsPort;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.BusWindows;
import org.smmulator.hw.bus.BusWindows.Window;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MessagePort;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.cache.SnoopingTranslator;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.hw.mic.DispSysreg;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.device.OfDma;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.trace.Tracer;

/**
 * The hardware of a machine: a model for each node of the device tree that a factory knows, and the
 * wires between the models, as the tree has them.
 *
 * <p>Software reads the same tree, so what it believes is by default what is. On a new board it
 * often is not; these properties, which no software reads, say what the wires really do:
 *
 * <pre>
 * smmulator,master = &lt;&amp;smmu 0x401&gt;;   // of a master: where it is wired to, as iommus has it
 * smmulator,snoops = &lt;0&gt;;                // of a master or an IOMMU: 1 if it snoops the CPUs' caches
 * smmulator,windows = &lt;…&gt;;               // of a bus: what it passes, as dma-ranges has it
 * smmulator,register-space = &lt;0x80000&gt;;  // of an SMMUv2: its size, as reg has it
 * </pre>
 */
@Singleton
public final class Motherboard {
  private static final String SNOOPS = "smmulator,snoops";
  private static final String WINDOWS = "smmulator,windows";

  /** Few models have a smaller register file, and they say so. */
  private static final long SMALLEST_WINDOW = 0x1000;

  private final ImmutableMap<String, ModelFactory> factories;
  private final Dram dram;
  private final Timebase timebase;
  private final SystemBus bus;
  private final IrqController interrupts;
  private final PowerWires power;
  private final Interposer interposer;
  private final @Nullable CpuCache caches;
  private final IommuBindings iommus;
  private final StockSilicon silicon;
  private final Tracer tracer;
  private final List<DtRange> claimed = new ArrayList<>();
  private final Map<DtNode, String> leftOut = new LinkedHashMap<>();

  // Looked up by node, never iterated.
  private final Set<DtNode> visited = new HashSet<>();
  private final Map<DtNode, Translator> translators = new HashMap<>();
  private final Map<DtNode, ContextBankPort> contextBanks = new HashMap<>();
  private final Map<DtNode, IntFunction<MmioTarget>> bankWindows = new HashMap<>();
  private final Map<DtNode, AtsPort> atsPorts = new HashMap<>();
  private final Map<DtNode, BusMaster> masters = new HashMap<>();
  private final Map<DtNode, DispSysreg> dispSysregs = new HashMap<>();

  private final Map<DtNode, Object> models = new HashMap<>();

  /** By the name of their node, in the order of the tree. */
  private final Map<String, Monitor> sockets = new LinkedHashMap<>();

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
      StockSilicon silicon,
      PageAllocator pages,
      Tracer tracer) {
    this.tracer = tracer;
    this.silicon = silicon;
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

  /**
   * Makes the models of {@code tree}; a node that no factory knows gets none.
   *
   * @return the nodes whose drivers would find no hardware, each with the reason
   * @throws DeviceTreeException for a node that says what no device can be
   */
  public ImmutableMap<DtNode, String> install(DeviceTree tree) {
    tree.nodes().stream().filter(DtNode::isAvailable).forEach(this::install);
    return ImmutableMap.copyOf(leftOut);
  }

  /** Makes the model of {@code node}, unless another model has needed it before. */
  private void install(DtNode node) {
    if (!visited.add(node)) {
      return;
    }
    for (String compatible : node.compatible()) {
      ModelFactory factory = factories.get(compatible);
      if (factory != null) {
        install(node, factory);
        return;
      }
    }
  }

  /** Makes a model. What its constructors refuse is said of the node that asks for it. */
  private void install(DtNode node, ModelFactory factory) {
    try {
      factory.install(node, this);
    } catch (NoModelException e) {
      leftOut.put(node, String.valueOf(e.getMessage()));
    } catch (DeviceTreeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw node.wrong("no such device can be: " + e.getMessage(), e);
    }
  }

  /** Returns the panels by the name of the node of the controller in front of them. */
  public ImmutableMap<String, Panel> panels() {
    return ImmutableMap.copyOf(panels);
  }

  /** Returns the sockets for monitors, by the name of the node that they belong to. */
  public ImmutableMap<String, Monitor> sockets() {
    return ImmutableMap.copyOf(sockets);
  }

  // ---- what a factory takes

  /** Returns what is known of the silicon behind {@code node}. */
  Silicon silicon(DtNode node) {
    return silicon.of(node);
  }

  /** Returns whether the accesses of the device really snoop the CPUs' caches. */
  boolean snoops(DtNode node) {
    int tree = OfDma.isCoherent(node) ? 1 : 0;
    int real = silicon(node).cell(SNOOPS, tree);
    if (real != 0 && real != 1) {
      throw node.wrong(SNOOPS, "expected <0> or <1>");
    }
    return real == 1;
  }

  Dram dram() {
    return dram;
  }

  Tracer tracer() {
    return tracer;
  }

  Timebase timebase() {
    return timebase;
  }

  /** Returns the pin of entry {@code index} of the node's {@code interrupts}. */
  IrqPin interrupt(DtNode node, int index) {
    if (index < 0 || index >= interruptCount(node)) {
      throw node.wrong("interrupts", "expected at least %d entries".formatted(index + 1));
    }
    return interposer.interrupt(node, interrupts.line(node, node.interrupts().get(index)));
  }

  /** Returns the pin of interrupt {@code number}, as the GIC counts: shared ones start at 32. */
  IrqPin interrupt(int number) {
    return interrupts.line(number);
  }

  int interruptCount(DtNode node) {
    return node.interrupts().size();
  }

  /** Returns a port to memory for a device: through its IOMMU if it has one, else its buses. */
  BusMaster master(DtNode node) {
    BusMaster made = master(node, 0);
    masters.put(node, made);
    return made;
  }

  /**
   * Returns one more port of the device, beside the one that its model has, if it has a model:
   * somebody else can try what the device could do. It starts where the device's first stream does.
   */
  public BusMaster port(DtNode node) {
    BusMaster own = masters.get(node);
    return (own == null ? master(node) : own).withSubstream(Translator.NO_SUBSTREAM);
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
    MessagePort messages = interposer.messages(node, bus);
    if (entries.isEmpty() && index == 0) {
      return new BusMaster(dram, messages, snooped(node, busesAbove(node)), 0);
    }
    if (index >= entries.size()) {
      throw node.wrong("iommus", "expected at least %d entries".formatted(index + 1));
    }
    DtReference entry = entries.get(index);
    install(entry.node());
    int streamId = entry.args().isEmpty() ? 0 : entry.args().get(0);
    Translator translator = translator(node, entry.node(), streamId);
    return new BusMaster(dram, messages, snooped(node, translator), streamId);
  }

  /** Makes the accesses of a coherent device snoop the CPUs' caches, if those are modelled. */
  private Translator snooped(DtNode device, Translator translator) {
    return caches != null && snoops(device)
        ? new SnoopingTranslator(translator, caches::snoop)
        : translator;
  }

  /**
   * Returns what the buses above {@code node} make of its addresses, by their {@code
   * smmulator,windows}, else by their {@code dma-ranges}.
   */
  private static Translator busesAbove(DtNode node) {
    DtNode parent = node.parent();
    if (parent == null) {
      return Translator.none();
    }
    ImmutableList<Window> windows =
        DmaRange.of(parent, parent.has(WINDOWS) ? WINDOWS : "dma-ranges").stream()
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
    AtsDevice ats =
        new AtsDevice(AtsProperties.config(silicon(device)), timebase, port, plain, streamId);
    registers(device, window, ats.mmio());
    return ats;
  }

  /** Returns the wires from a GPU to the context banks of the SMMU that it is behind. */
  ContextBankPort contextBanksFor(DtNode node) {
    DtNode iommu = iommuOfGpu(node).node();
    ContextBankPort port = contextBanks.get(iommu);
    if (port == null && leftOut.containsKey(iommu)) {
      throw new NoModelException("the SMMU that it is wired to is left out");
    }
    if (port == null) {
      throw new NoModelException("it is behind no SMMU that a GPU can be wired to");
    }
    return port;
  }

  /** Returns the window from a GPU to the registers of the context bank of its first stream. */
  MmioTarget contextBankWindowFor(DtNode node) {
    DtReference entry = iommuOfGpu(node);
    IntFunction<MmioTarget> banks = bankWindows.get(entry.node());
    if (banks == null || entry.args().isEmpty()) {
      throw new NoModelException("it is behind no IOMMU whose context banks a GPU can write");
    }
    return interposer.contextBankWindow(entry.node(), banks.apply(entry.args().get(0)));
  }

  /** Returns where a GPU's first stream goes, with the model of its IOMMU made if it has one. */
  private DtReference iommuOfGpu(DtNode node) {
    ImmutableList<DtReference> entries = iommus.of(node);
    if (entries.isEmpty()) {
      throw node.wrong("iommus", "expected an IOMMU that a GPU can be wired to");
    }
    install(entries.getFirst().node());
    return entries.getFirst();
  }

  /** Returns a wire that is high while all of the device's power domains and clocks are on. */
  Wire allPowerOf(DtNode node) {
    return power.everythingOf(node);
  }

  /** Returns a wire that is high while the device's power domain is on and all its clocks run. */
  Wire powerAndClocksOf(DtNode node) {
    return power.domainAndClocksOf(node);
  }

  /** Returns the wire of the device's clock of that name, which tells of its rate. */
  Wire clockOf(DtNode node, String name) {
    return power.clockOf(node, name);
  }

  /** Returns the system registers of a display block, with their model made. */
  DispSysreg dispSysregOf(DtNode node) {
    install(node);
    DispSysreg made = dispSysregs.get(node);
    if (made == null) {
      throw node.wrong("compatible", "expected the system registers of a display block");
    }
    return made;
  }

  // ---- what a factory connects

  /** Puts registers where entry {@code index} of the node's {@code reg} says. */
  void registers(DtNode node, int index, MmioTarget target) {
    registers(node, index, target, power.domainOf(node));
  }

  /** Puts registers there, which answer while {@code powered} is high and else abort. */
  void registers(DtNode node, int index, MmioTarget target, Wire powered) {
    registers(node, index, SMALLEST_WINDOW, target, powered);
  }

  /** As the other, for a device whose window may be as small as {@code atLeastBytes}. */
  void registers(DtNode node, int index, long atLeastBytes, MmioTarget target, Wire powered) {
    if (index >= node.reg().size()) {
      throw node.wrong("reg", "expected at least %d entries".formatted(index + 1));
    }
    DtRange range = node.reg().get(index);
    checkPlace(node, range, atLeastBytes);
    claimed.add(range);
    MmioTarget wired = interposer.registers(node, target);
    Wire answers = interposer.clock(node, powered);
    bus.attach(node.name(), range.base(), range.sizeBytes(), wired, answers);
  }

  /** Registers have a place of their own: not in memory, and not where another device has its. */
  private void checkPlace(DtNode node, DtRange range, long atLeastBytes) {
    if (range.sizeBytes() < atLeastBytes || range.base() < 0) {
      throw node.wrong(
          "reg",
          "0x%x bytes at 0x%x are no register window; the smallest has 0x%x"
              .formatted(range.sizeBytes(), range.base(), atLeastBytes));
    }
    for (DramBank bank : dram.banks()) {
      if (overlap(range, bank.base(), bank.sizeBytes())) {
        throw node.wrong(
            "reg",
            "registers at 0x%x, where memory is (0x%x-0x%x)"
                .formatted(range.base(), bank.base(), bank.end() - 1));
      }
    }
    for (DtRange other : claimed) {
      if (overlap(range, other.base(), other.sizeBytes())) {
        throw node.wrong(
            "reg",
            "registers at 0x%x, where another device has its own (0x%x-0x%x)"
                .formatted(range.base(), other.base(), other.base() + other.sizeBytes() - 1));
      }
    }
  }

  private static boolean overlap(DtRange range, long base, long sizeBytes) {
    return range.base() - base < sizeBytes && base - range.base() < range.sizeBytes();
  }

  /** Makes {@code node} the IOMMU of the devices that refer to it. */
  void translator(DtNode node, Translator translator) {
    translators.put(node, interposer.translator(node, translator));
  }

  /** Makes the context banks of {@code node} ones that a GPU can be wired to. */
  void contextBanks(DtNode node, ContextBankPort port) {
    contextBanks.put(node, interposer.contextBanks(node, port));
  }

  /** Makes the registers of the context banks of {@code node} ones that a GPU can reach. */
  void contextBankWindows(DtNode node, IntFunction<MmioTarget> byNumber) {
    bankWindows.put(node, byNumber);
  }

  /** Lets devices behind {@code node} ask it for translations and pages. */
  void ats(DtNode node, AtsPort port) {
    atsPorts.put(node, port);
  }

  /** Notes the model of {@code node}, for those that it is wired to. */
  void model(DtNode node, Object made) {
    models.put(node, made);
  }

  /** Returns the model of {@code node}, made if it was not yet; null if it has none of the type. */
  <T> @Nullable T modelOf(DtNode node, Class<T> type) {
    if (node.isAvailable()) {
      install(node);
    }
    Object found = models.get(node);
    return type.isInstance(found) ? type.cast(found) : null;
  }

  /** Notes a socket into which monitors are plugged, by the name of the node it belongs to. */
  void socket(DtNode node, Monitor monitor) {
    sockets.put(node.name(), monitor);
  }

  /** Makes {@code node} the system registers of a display block. */
  void dispSysreg(DtNode node, DispSysreg made) {
    dispSysregs.put(node, made);
  }

  /** Puts a panel at the end of {@code node}. */
  void panel(DtNode node, Panel panel) {
    panels.put(node.name(), panel);
  }
}
