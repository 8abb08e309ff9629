package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkNotNull;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
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
          case Sync c -> synchronize(c);
          case Unknown _ -> false;
        };
    return legal ? SmmuV3Regs.CERROR_NONE : SmmuV3Regs.CERROR_ILL;
  }

  // ---- the TLB

  private boolean invalidateTlb(InvalidateTlb command) {
    return switch (command.scope()) {
      case NH_ALL, NH_ASID, NH_VA, NH_VAA ->
          config.has(Feature.STAGE_1)
              && invalidate(
                  spaces.of(vmid(command)).el1, command, command.asid() & config.tagMask());
      case EL2_ALL, EL2_ASID, EL2_VA ->
          config.has(Feature.EL2)
              && invalidate(
                  spaces.el2(), command, configuration.el2Asid(command.asid() & config.tagMask()));
      case S12_VMALL, S2_IPA -> config.has(Feature.STAGE_2) && invalidateVmid(command);
      case NSNH_ALL -> {
        spaces.invalidateVmids();
        yield true;
      }
    };
  }

  private boolean invalidateVmid(InvalidateTlb command) {
    Range range = command.range();
    if (range == null) {
      spaces.invalidateVmid(vmid(command));
    } else {
      tlb.invalidate(
          spaces.of(vmid(command)).stage2,
          range.first(),
          last(range),
          largestShift(range),
          range.leaf());
    }
    return true;
  }

  private boolean invalidate(AsidSpaces regime, InvalidateTlb command, int asid) {
    Range range = command.range();
    switch (command.scope()) {
      case NH_ASID, EL2_ASID -> regime.invalidate(asid);
      case NH_VA, EL2_VA ->
          regime.invalidate(
              asid, checkNotNull(range).first(), last(range), largestShift(range), range.leaf());
      case NH_VAA ->
          regime.invalidateAddresses(
              checkNotNull(range).first(), last(range), largestShift(range), range.leaf());
      default -> regime.invalidateAll();
    }
    return true;
  }

  private int vmid(InvalidateTlb command) {
    return config.has(Feature.STAGE_2) ? command.vmid() & config.tagMask() : 0;
  }

  private boolean isRange(Range range) {
    return config.has(Feature.RANGE_INVALIDATION) && range.isRange();
  }

  private long last(Range range) {
    return isRange(range) ? range.last() : range.first();
  }

  /** The size of the largest entry that is invalidated. */
  private int largestShift(Range range) {
    return isRange(range) && range.level() != 0
        ? range.granuleShift() + (3 - range.level()) * (range.granuleShift() - 3)
        : Tlb.ANY_SIZE;
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
    if (config.stallModel() == SmmuV3Config.StallModel.NONE
        || command.response() > Cmd.RESUME_ABORT) {
      return false;
    }
    stalls.resume(command.sid(), command.stag(), command.response());
    return true;
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
    if (command.msiAddress() == 0 || !config.has(Feature.MSI)) {
      syncPin.pulse();
    } else if (!Signal.send(port, command.msiAddress(), command.msiData())) {
      errors.raise(SmmuV3Regs.GERROR_MSI_CMDQ_ABT.mask());
    }
    return true;
  }
}
