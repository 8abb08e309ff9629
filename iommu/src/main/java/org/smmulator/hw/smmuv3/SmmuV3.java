package org.smmulator.hw.smmuv3;

import org.smmulator.hw.ats.AtcPort;
import org.smmulator.hw.ats.AtsPort;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * A model of an Arm SMMUv3: both stages, substreams, queues, stalls, ATS and page requests. Arm IHI
 * 0070.
 *
 * <p>The path of a transaction: {@link Transactions} asks {@link Configuration} for the {@link
 * SubstreamConfig} of its stream and substream, looks into the TLB, or has a walker read the
 * tables, for stage 2 through {@link IpaTranslation}; a fault becomes a {@link FaultRecord} in an
 * {@link OutputQueue}, by way of {@link Stalls} if the transaction waits. The path of a command:
 * {@link CommandQueue}, {@link Commands}. {@link AtsRequests} answers devices that do ATS, and
 * {@link DeviceCaches} invalidates their caches.
 *
 * <p>Field positions, opcodes and event numbers are those of the kernel's driver.
 *
 * <p>Not modelled: secure and realm state, because no board has such masters; AArch32 and
 * big-endian tables, hardware updates in stage 2, the virtual machine structure, MPAM, split-stage
 * ATS and PASIDs on translated transactions, because Linux uses none of them; memory attributes,
 * shareability, S2PTW and the effect of S2FWB, because caches are not modelled; merging of events
 * (MEV) and prefetch, because the architecture lets both be absent. The wired interrupts but that
 * of CMD_SYNC are levels here: see {@link InterruptOutput}.
 */
public final class SmmuV3 implements Translator, AtsPort {
  /** The wired interrupts. */
  public record Pins(IrqPin events, IrqPin pageRequests, IrqPin errors, IrqPin sync) {}

  private final SmmuV3Config config;
  private final Tlb tlb;
  private final Transactions transactions;
  private final AtsRequests asked;
  private final DeviceCaches devices;
  private final PageRequests pageRequests;
  private final Registers registers;

  /**
   * Makes an SMMU as it comes out of reset: every transaction passes.
   *
   * @param port how its own messages travel: to memory, or to what is on the bus
   */
  public SmmuV3(SmmuV3Config config, Timebase timebase, Dram dram, BusMaster port, Pins pins) {
    this.config = config;
    InterruptOutput errorSignal = new InterruptOutput(port, pins.errors());
    InterruptOutput eventSignal = new InterruptOutput(port, pins.events());
    InterruptOutput pageSignal = new InterruptOutput(port, pins.pageRequests());
    ErrorRegister errors = new ErrorRegister(errorSignal);
    OutputQueue events =
        new OutputQueue(
            dram,
            Queue.EVT_BYTES,
            config.queues().eventsLog2(),
            eventSignal,
            errors,
            SmmuV3Regs.GERROR_EVTQ_ABT.mask(),
            SmmuV3Regs.GERROR_MSI_EVTQ_ABT.mask());
    OutputQueue pages =
        new OutputQueue(
            dram,
            Queue.PRI_BYTES,
            config.queues().pagesLog2(),
            pageSignal,
            errors,
            SmmuV3Regs.GERROR_PRIQ_ABT.mask(),
            SmmuV3Regs.GERROR_MSI_PRIQ_ABT.mask());
    tlb = new Tlb(config.costs().tlbEntries(), config.costs().walkEntries());
    TlbSpaces spaces = new TlbSpaces(tlb);
    IpaTranslation stage2 = new IpaTranslation(tlb, dram);
    Configuration configuration =
        new Configuration(config, dram, timebase, spaces, stage2, tlb.newSpace(null));
    Stalls stalls = new Stalls(config.stallMax(), events, timebase.doorbell("SMMU stalled"));
    transactions =
        new Transactions(config, timebase, dram, tlb, stage2, configuration, events, stalls);
    asked = new AtsRequests(config, transactions, configuration, events);
    devices = new DeviceCaches(timebase, config.costs().updateNs());
    pageRequests = new PageRequests(pages, timebase, config.costs().updateNs());
    Commands commands =
        new Commands(
            config,
            port,
            configuration,
            tlb,
            spaces,
            stalls,
            pageRequests,
            devices,
            errors,
            pins.sync());
    CommandQueue queue = new CommandQueue(config, dram, timebase, errors, commands);
    devices.onChange(queue::goOn);
    registers =
        new Registers(
            config,
            timebase,
            new Registers.Parts(
                configuration,
                transactions,
                queue,
                events,
                pages,
                stalls,
                asked,
                devices,
                errors,
                eventSignal,
                pageSignal,
                errorSignal));
  }

  /** The register space: two pages of 64 KiB. */
  public MmioTarget mmio() {
    return registers;
  }

  /**
   * Breaks for good: the SMMU enters service failure mode. From now on every transaction is
   * aborted, no command is executed and no event recorded; GERROR.SFM_ERR is set. Arm IHI 0070,
   * 12.3.
   */
  public void fail() {
    registers.fail();
  }

  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    return transactions.translate(streamId, substreamId, iova, access);
  }

  @Override
  public long tlbFills() {
    return tlb.fills();
  }

  @Override
  public void watchTlb(TlbWatch watch) {
    tlb.watch(watch);
  }

  @Override
  public long translationRequest(int streamId, int substreamId, long iova, int access) {
    return asked.translationRequest(streamId, substreamId, iova, access);
  }

  @Override
  public long translated(int streamId, long pa, int access) {
    return asked.translated(streamId, pa, access);
  }

  @Override
  public void connect(int streamId, AtcPort device) {
    devices.connect(streamId, device);
  }

  @Override
  public void invalidationCompleted(int streamId, int tag) {
    devices.completed(streamId, tag);
  }

  @Override
  public Answer pageRequest(int streamId, int substreamId, long iova, int pages, int access) {
    return config.has(Feature.PRI)
        ? pageRequests.request(streamId, substreamId, iova, pages, access)
        : Answer.FAILURE;
  }
}
