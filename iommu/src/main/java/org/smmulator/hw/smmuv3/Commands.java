package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.AsidSpaces;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.SmmuCommand;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateAtc;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateCd;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateCds;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateSte;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateStes;
import org.smmulator.regs.smmuv3.SmmuCommand.InvalidateTlb;
import org.smmulator.regs.smmuv3.SmmuCommand.Prefetch;
import org.smmulator.regs.smmuv3.SmmuCommand.PriResponse;
import org.smmulator.regs.smmuv3.SmmuCommand.Range;
import org.smmulator.regs.smmuv3.SmmuCommand.Resume;
import org.smmulator.regs.smmuv3.SmmuCommand.Sync;
import org.smmulator.regs.smmuv3.SmmuCommand.TerminateStalls;
import org.smmulator.regs.smmuv3.SmmuCommand.Unknown;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Executes commands. Arm IHI 0070, chapter 4.
 *
 * <p>A command for a feature that this SMMU does not have is illegal, as an unknown one is.
 */
final class Commands {
  /** The command cannot be executed yet: devices have not answered. */
  static final int WAIT = -1;

  private static final Reach ALL =
      new Reach(Long.MIN_VALUE, Long.MAX_VALUE, Tlb.ANY_SIZE, Tlb.ANY_SIZE);

  private final SmmuV3Config config;
  private final BusMaster port;
  private final Configuration configuration;
  private final Tlb tlb;
  private final TlbSpaces spaces;
  private final Stalls stalls;
  private final PageRequests pageRequests;
  private final DeviceCaches devices;
  private final ErrorRegister errors;
  private final IrqPin syncPin;

  Commands(
      SmmuV3Config config,
      BusMaster port,
      Configuration configuration,
      Tlb tlb,
      TlbSpaces spaces,
      Stalls stalls,
      PageRequests pageRequests,
      DeviceCaches devices,
      ErrorRegister errors,
      IrqPin syncPin) {
    this.config = config;
    this.port = port;
    this.configuration = configuration;
    this.tlb = tlb;
    this.spaces = spaces;
    this.stalls = stalls;
    this.pageRequests = pageRequests;
    this.devices = devices;
    this.errors = errors;
    this.syncPin = syncPin;
  }

  /** Executes a command; returns one of the CERROR codes, or {@link #WAIT}. */
  int execute(SmmuCommand command) {
    if (command instanceof InvalidateAtc && !devices.hasRoom()) {
      return WAIT;
    }
    if (command instanceof Sync) {
      switch (devices.state()) {
        case BUSY -> {
          return WAIT;
        }
        case FAILED -> {
          return SmmuV3Regs.CERROR_ATC_INV;
        }
        case QUIET -> {}
      }
    }
    boolean legal =
        switch (command) {
          case Prefetch _ -> true; // a hint
          case InvalidateSte c -> {
            configuration.invalidateStreams(c.sid(), 0, c.leaf());
            yield true;
          }
          case InvalidateStes c -> {
            configuration.invalidateStreams(c.sid(), c.bits(), false);
            yield true;
          }
          case InvalidateCd c -> {
            configuration.invalidateContext(c.sid(), c.ssid(), c.leaf());
            yield config.has(Feature.STAGE_1);
          }
          case InvalidateCds c -> {
            configuration.invalidateContexts(c.sid());
            yield config.has(Feature.STAGE_1);
          }
          case InvalidateTlb c -> invalidateTlb(c);
          case InvalidateAtc c -> invalidateAtc(c);
          case PriResponse c -> respond(c);
          case Resume c -> resume(c);
          case TerminateStalls c -> terminateStalls(c);
          case Sync c -> synchronize(c);
          case Unknown _ -> false;
        };
    return legal ? SmmuV3Regs.CERROR_NONE : SmmuV3Regs.CERROR_ILL;
  }

  // ---- the TLB

  private boolean invalidateTlb(InvalidateTlb command) {
    Range range = command.range();
    if (range != null && hasRanges() && Reach.isReserved(range)) {
      return false;
    }
    boolean legal =
        switch (command.scope()) {
          case NH_ALL, NH_ASID, NH_VA, NH_VAA -> config.has(Feature.STAGE_1);
          case EL2_ALL, EL2_ASID, EL2_VA, EL2_VAA ->
              config.has(Feature.STAGE_1) && config.has(Feature.EL2);
          case S12_VMALL, S2_IPA -> config.has(Feature.STAGE_2);
          case NSNH_ALL -> true;
        };
    if (legal && hasTags(command)) {
      invalidate(command, range == null ? ALL : Reach.of(range, hasRanges()));
    }
    return legal;
  }

  /** True if the SMMU has tags as wide as those named: others reach nothing. IHI 0070, 4.4. */
  private boolean hasTags(InvalidateTlb command) {
    int vmids = config.has(Feature.STAGE_2) ? config.tagMask() : 0;
    return (command.vmid() & ~vmids) == 0 && (command.asid() & ~config.tagMask()) == 0;
  }

  private boolean hasRanges() {
    return config.has(Feature.RANGE_INVALIDATION);
  }

  private void invalidate(InvalidateTlb command, Reach reach) {
    int vmid = command.vmid();
    switch (command.scope()) {
      case NH_ALL -> spaces.of(vmid).el1.invalidateAll();
      case NH_ASID -> spaces.of(vmid).el1.invalidate(command.asid());
      case NH_VA -> invalidate(spaces.of(vmid).el1, command.asid(), reach);
      case NH_VAA -> invalidateAddresses(spaces.of(vmid).el1, reach);
      case EL2_ALL -> spaces.el2().invalidateAll();
      case EL2_ASID -> {
        if (configuration.el2HasAsids()) {
          spaces.el2().invalidate(command.asid());
        }
      }
      case EL2_VA -> invalidate(spaces.el2(), configuration.el2Asid(command.asid()), reach);
      case EL2_VAA -> invalidateAddresses(spaces.el2(), reach);
      case S12_VMALL -> spaces.invalidateVmid(vmid);
      case S2_IPA ->
          tlb.invalidate(
              spaces.of(vmid).stage2,
              reach.first(),
              reach.last(),
              reach.leafSizes(),
              reach.tableSizes());
      case NSNH_ALL -> spaces.invalidateVmids();
    }
  }

  private static void invalidate(AsidSpaces regime, int asid, Reach reach) {
    regime.invalidate(asid, reach.first(), reach.last(), reach.leafSizes(), reach.tableSizes());
  }

  private static void invalidateAddresses(AsidSpaces regime, Reach reach) {
    regime.invalidateAddresses(reach.first(), reach.last(), reach.leafSizes(), reach.tableSizes());
  }

  // ---- caches of devices

  private boolean invalidateAtc(InvalidateAtc command) {
    if (!config.has(Feature.ATS)) {
      return false;
    }
    boolean hasSsid = command.ssid() != SmmuCommand.NO_SSID && config.ssidBits() > 0;
    devices.invalidate(
        command.sid(),
        hasSsid ? command.ssid() : Translator.NO_SUBSTREAM,
        hasSsid && command.global(),
        command.first(),
        command.pagesLog2());
    return true;
  }

  // ---- faults, page requests, completion

  private boolean resume(Resume command) {
    stalls.resume(command.sid(), command.stag(), command.response());
    return config.stallModel() != StallModel.NONE;
  }

  private boolean terminateStalls(TerminateStalls command) {
    stalls.terminate(command.sid());
    return config.stallModel() != StallModel.NONE;
  }

  private boolean respond(PriResponse command) {
    if (!config.has(Feature.PRI) || command.response() > Cmd.PRI_RESP_SUCCESS) {
      return false;
    }
    pageRequests.respond(command.sid(), command.group(), command.response());
    return true;
  }

  /** Every earlier command is complete by now, so there is nothing to wait for. */
  private boolean synchronize(Sync command) {
    if (command.signal() != Cmd.SYNC_CS_IRQ) {
      return command.signal() <= Cmd.SYNC_CS_SEV;
    }
    syncPin.pulse(); // whether or not there is a message besides: IHI 0070, 4.7.3
    boolean sends = command.msiAddress() != 0 && config.has(Feature.MSI);
    if (sends && !InterruptOutput.send(port, command.msiAddress(), command.msiData())) {
      errors.raise(SmmuV3Regs.GERROR_MSI_CMDQ_ABT.mask());
    }
    return true;
  }
}
