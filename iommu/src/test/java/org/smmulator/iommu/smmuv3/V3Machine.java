package org.smmulator.iommu.smmuv3;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.ats.AtsDevice;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.StoreLog;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.ats.DeviceAts;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.msi.MsiFrames;
import org.smmulator.regs.ats.AtsRegs;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * An SMMUv3 with a copy engine that has substreams and can stall, a display with two streams, a
 * card that asks for pages, and two devices that firmware got wrong. The model is the real one.
 */
public final class V3Machine implements AutoCloseable {
  static final int COPIER_SID = 0x10;
  static final int DISPLAY_SID = 0x20;
  static final int CARD_SID = 0x310;
  static final int SCANNER_SID = 0x410;
  static final int ADAPTER_SID = 0x320;

  /** The lower of the plotter's two. */
  static final int PLOTTER_SID = 0x510;

  /** Log2 of the entries of the event queue. */
  static final int EVENTS_LOG2 = 5;

  /** Log2 of the entries of the queue of page requests. */
  static final int PAGE_REQUESTS_LOG2 = 5;

  /** More than any test uses. */
  private static final int KEPT_TRANSLATIONS = 128;

  /** The numbers of its wires are this far apart: 0 if all interrupts share one. */
  private static final int SEPARATE_WIRES = 1;

  private static final int ONE_WIRE = 0;
  private static final int FIRST_IRQ = 70;
  private static final int OTHER_IRQ = 80;
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            smmu: iommu@9050000 {
              compatible = "arm,smmu-v3";
              #iommu-cells = <1>;
              dma-coherent;
            };
            other: iommu@9060000 {
              compatible = "arm,smmu-v3";
              #iommu-cells = <1>;
              dma-coherent;
            };
            remote@7 { iommus = <&other 0x10>; pasid-num-bits = <12>; };
            copier@1 { iommus = <&smmu 0x10>; pasid-num-bits = <12>; dma-can-stall; };
            display@2 { iommus = <&smmu 0x20>, <&smmu 0x21>; };
            card@3 { iommus = <&smmu 0x310>; pasid-num-bits = <4>; ats-supported; };
            scanner@6 {
              iommus = <&smmu 0x410>;
              pasid-num-bits = <4>;
              ats-supported;
              dma-can-stall;
            };
            adapter@8 { iommus = <&smmu 0x320>; ats-supported; };
            twin@4 { iommus = <&smmu 0x10>; };
            plotter@9 { iommus = <&smmu 0x511>, <&smmu 0x510>; dma-can-stall; };
            far@5 { iommus = <&smmu 0x10000>; };
          };
          """);

  final TestKernel kernel;
  final org.smmulator.hw.smmuv3.SmmuV3 model;
  final StoreLog stores;
  final Losses losses = new Losses();
  final Tampering tampering;
  final Device smmu;
  final Device copier;
  final Device display;
  final Device card;

  /** It asks for translations and keeps them; what it may not do it tries untranslated. */
  final AtsDevice cardPort;

  /** These ask for pages too. */
  final AtsDevice scannerPort;

  final AtsDevice adapterPort;

  /** Between the SMMU and the devices that ask it. */
  final AtsLink link;

  final ArmSmmuV3Driver driver;

  /** The devices that may ask for pages now. */
  final List<String> faulting = new ArrayList<>();

  private final int wireStep;
  private PageRequestHandler handler = _ -> PageResponse.INVALID;

  V3Machine(SmmuV3Config config) throws Exception {
    this(config, null);
  }

  /**
   * Makes a machine.
   *
   * @param faults makes whoever deals with page requests; null for what {@link #onPageRequest} says
   */
  V3Machine(SmmuV3Config config, @Nullable Function<TestKernel, ArmSmmuV3Iopf> faults)
      throws Exception {
    this(config, faults, SEPARATE_WIRES);
  }

  /** A machine whose SMMU has one wire for all interrupts. */
  static V3Machine withOneWire(SmmuV3Config config) throws Exception {
    return new V3Machine(config, null, ONE_WIRE);
  }

  private V3Machine(
      SmmuV3Config config, @Nullable Function<TestKernel, ArmSmmuV3Iopf> faults, int wireStep)
      throws Exception {
    this.wireStep = wireStep;
    this.kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER);
    this.model = model(config, FIRST_IRQ);
    this.tampering = new Tampering(kernel.dram);
    this.stores = new StoreLog(tampering.with(losses.aroundQueue(model.mmio(), kernel.dram)));
    this.smmu = device("/iommu@9050000");
    this.copier = device("/copier@1");
    this.display = device("/display@2");
    this.link = new AtsLink(model);
    this.cardPort = port(CARD_SID, 0);
    this.scannerPort = port(SCANNER_SID, 1);
    this.adapterPort = port(ADAPTER_SID, 1);
    this.card = device("/card@3");
    card.attach(DeviceAts.class, capability(cardPort));
    this.driver =
        new ArmSmmuV3Driver(
            kernel.services, new MsiFrames(), faults == null ? new Faults() : faults.apply(kernel));
  }

  private AtsDevice port(int streamId, int pages) {
    return new AtsDevice(
        new AtsDevice.Config(KEPT_TRANSLATIONS, pages, 200),
        kernel.scheduler,
        link,
        model,
        streamId);
  }

  private DeviceAts capability(AtsDevice port) {
    return new DeviceAts(
        new Mmio(
            "ats",
            link.watch(port.mmio()),
            0,
            AtsRegs.WINDOW_BYTES,
            Wire.tiedHigh(),
            kernel.scheduler,
            100));
  }

  /** The scanner, in its default domain. */
  Device addScanner() throws ErrnoException {
    return add("/scanner@6", scannerPort);
  }

  /** The adapter, likewise. */
  Device addAdapter() throws ErrnoException {
    return add("/adapter@8", adapterPort);
  }

  private Device add(String path, AtsDevice port) throws ErrnoException {
    Device added = device(path);
    added.attach(DeviceAts.class, capability(port));
    kernel.iommu.bus().deviceAdded(added);
    kernel.iommu.bus().configure(added);
    return added;
  }

  private org.smmulator.hw.smmuv3.SmmuV3 model(SmmuV3Config config, int firstIrq) {
    return new org.smmulator.hw.smmuv3.SmmuV3(
        config,
        kernel.scheduler,
        kernel.dram,
        new BusMaster(kernel.dram, Translator.none(), 0),
        new org.smmulator.hw.smmuv3.SmmuV3.Pins(
            wire(firstIrq, 0), wire(firstIrq, 1), wire(firstIrq, 2), wire(firstIrq, 3)));
  }

  private IrqLine wire(int firstIrq, int index) {
    return kernel.irqs.line(firstIrq + wireStep * index);
  }

  /** Whoever deals with what devices ask for. */
  interface PageRequestHandler {
    PageResponse handle(PageRequest request) throws ErrnoException;
  }

  /** From now on page requests are dealt with by {@code handler}. */
  void onPageRequest(PageRequestHandler wanted) {
    handler = wanted;
  }

  /** Answers a group as its last request fares. */
  private final class Faults implements ArmSmmuV3Iopf {
    @Override
    public void addDevice(Device device) {
      faulting.add(device.name());
    }

    @Override
    public void removeDevice(Device device) {
      faulting.remove(device.name());
    }

    @Override
    public boolean report(Device device, PageRequest request) {
      PageResponse response;
      try {
        response = handler.handle(request);
      } catch (ErrnoException e) {
        response = PageResponse.INVALID;
      }
      if (request.isLast()) {
        ops().answer(device, request, response);
      }
      return response == PageResponse.SUCCESS;
    }

    @Override
    public void discardPartial() {}
  }

  /** An SMMU with everything but EL2 and messages; a test changes what it is about. */
  static SmmuV3Config.Builder silicon() {
    return new SmmuV3Config.Builder()
        .queues(new SmmuV3Config.Queues(8, EVENTS_LOG2, PAGE_REQUESTS_LOG2))
        .without(Feature.EL2)
        .without(Feature.MSI)
        .stalls(StallModel.CHOICE, 8);
  }

  static SmmuV3Config full() {
    return silicon().build();
  }

  static SmmuV3Config config(boolean stage1, boolean twoLevels, boolean ranges) {
    return silicon()
        .sidBits(twoLevels ? 16 : 10)
        .set(Feature.STAGE_1, stage1)
        .set(Feature.TWO_LEVEL_STREAMS, twoLevels)
        .set(Feature.TWO_LEVEL_CONTEXTS, twoLevels)
        .set(Feature.RANGE_INVALIDATION, ranges)
        .build();
  }

  /** ASIDs of 8 bits: fewer than the CPUs have. */
  static SmmuV3Config narrowTags() {
    return silicon().without(Feature.WIDE_TAGS).build();
  }

  /** Every transaction that faults stalls, whatever its stream says. */
  static SmmuV3Config forced() {
    return silicon().stalls(StallModel.FORCE, 8).build();
  }

  Device device(String path) {
    return kernel.platformDevice(requireNonNull(TREE.find(path)));
  }

  /** The driver binds to the SMMU. */
  void probe() throws ErrnoException {
    probe(smmu, stores, FIRST_IRQ);
  }

  private void probe(Device device, MmioTarget registers, int firstIrq) throws ErrnoException {
    Mmio mmio =
        new Mmio(
            "smmu", registers, 0, SmmuV3Regs.SIZE_BYTES, Wire.tiedHigh(), kernel.scheduler, 100);
    driver.probe(
        new ArmSmmuV3Device.Resources(
            device,
            mmio,
            true,
            wireStep == ONE_WIRE
                ? new ArmSmmuV3Device.Interrupts(wire(firstIrq, 0), null, null, null)
                : new ArmSmmuV3Device.Interrupts(
                    null, wire(firstIrq, 0), wire(firstIrq, 1), wire(firstIrq, 2)),
            null));
  }

  /** The same driver binds to another SMMU, and its one master is in its default domain. */
  Device probeAnother(SmmuV3Config config) throws ErrnoException {
    Device remote = device("/remote@7");
    kernel.iommu.bus().deviceAdded(remote);
    probe(device("/iommu@9060000"), model(config, OTHER_IRQ).mmio(), OTHER_IRQ);
    return remote;
  }

  /** Boots with the three good devices in groups of their own and in their default domains. */
  void boot() throws ErrnoException {
    for (Device device : ImmutableList.of(copier, display, card)) {
      kernel.iommu.bus().deviceAdded(device);
    }
    probe();
  }

  /** The driver's state. */
  ArmSmmuV3Device state() {
    return requireNonNull(smmu.find(ArmSmmuV3Device.class));
  }

  IommuOps ops() {
    return state().instance().ops();
  }

  /** A domain for a device, attached. */
  ArmSmmuV3Domain attached(Device device) throws ErrnoException {
    ArmSmmuV3Domain domain = (ArmSmmuV3Domain) kernel.iommu.allocPaging(device);
    kernel.iommu.attach(domain, device);
    return domain;
  }

  /** The port of a device that keeps translations. */
  BusMaster caching(AtsDevice port) {
    return new BusMaster(kernel.dram, port, 0); // it knows its stream itself
  }

  /** A master's port. */
  BusMaster master(int streamId) {
    return new BusMaster(kernel.dram, model, streamId);
  }

  /** A device asks for pages, and has its answer by the time all has settled. */
  Answer ask(int streamId, int substreamId, long iova, int pages, int access) {
    List<Answer> answers = new ArrayList<>();
    kernel.scheduler.process(
        "device that asks",
        () -> answers.add(model.pageRequest(streamId, substreamId, iova, pages, access)));
    settle();
    checkState(!answers.isEmpty(), "nobody answered stream 0x%s", Integer.toHexString(streamId));
    return answers.getFirst();
  }

  /** Lets interrupts, and what they wake, through. */
  void settle() {
    kernel.scheduler.sleep(100_000);
  }

  /** The log from the first line on that contains {@code text}. */
  ImmutableList<String> logFrom(String text) {
    ImmutableList<String> log = kernel.log();
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).contains(text)) {
        return log.subList(i, log.size());
      }
    }
    return ImmutableList.of();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
