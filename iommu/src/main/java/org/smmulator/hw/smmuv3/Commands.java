package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * What each command does. Arm IHI 0070, chapter 4.
 *
 * <p>A command for something that this SMMU does not have is illegal, as an unknown one is.
 */
final class Commands {
  /** The command cannot be taken yet: devices have not answered. */
  static final int WAIT = -1;

  private static final int ALL_STREAMS = 32;

  private static final int ATC_PAGE_SHIFT = 12;

  /** Where an invalidation by address ends if it says nothing of a level. */
  private static final int ANY_SIZE = 63;

  private final SmmuV3Config config;
  private final BusMaster port;
  private final Configuration configuration;
  private final Spaces spaces;
  private final Stalls stalls;
  private final PageRequests pageRequests;
  private final DeviceCaches devices;
  private final ErrorRegister errors;
  private final IrqPin syncPin;

  Commands(
      SmmuV3Config config,
      BusMaster port,
      Configuration configuration,
      Spaces spaces,
      Stalls stalls,
      PageRequests pageRequests,
      DeviceCaches devices,
      ErrorRegister errors,
      IrqPin syncPin) {
    this.config = config;
    this.port = port;
    this.configuration = configuration;
    this.spaces = spaces;
    this.stalls = stalls;
    this.pageRequests = pageRequests;
    this.devices = devices;
    this.errors = errors;
    this.syncPin = syncPin;
  }

  /** Does what a command says; returns one of the CERROR codes, or {@link #WAIT}. */
  int execute(long word0, long word1) {
    int opcode = Cmd.OPCODE.getInt(word0);
    if (opcode == Cmd.ATC_INV && !devices.hasRoom()) {
      return WAIT;
    }
    if (opcode == Cmd.SYNC) {
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
    boolean done =
        switch (opcode) {
          case Cmd.PREFETCH_CFG, Cmd.PREFETCH_ADDR -> true; // a hint
          case Cmd.CFGI_STE, Cmd.CFGI_ALL, Cmd.CFGI_CD, Cmd.CFGI_CD_ALL ->
              invalidateConfiguration(word0, word1);
          case Cmd.TLBI_NH_ALL, Cmd.TLBI_NH_ASID, Cmd.TLBI_NH_VA, Cmd.TLBI_NH_VAA ->
              config.stages().stage1() && invalidateEl1(word0, word1);
          case Cmd.TLBI_EL2_ALL, Cmd.TLBI_EL2_ASID, Cmd.TLBI_EL2_VA ->
              config.stages().el2() && invalidateEl2(word0, word1);
          case Cmd.TLBI_S12_VMALL, Cmd.TLBI_S2_IPA ->
              config.stages().stage2() && invalidateMachine(word0, word1);
          case Cmd.TLBI_NSNH_ALL -> {
            spaces.forgetMachines();
            yield true;
          }
          case Cmd.ATC_INV -> config.faults().ats() && invalidateDevice(word0, word1);
          case Cmd.PRI_RESP -> config.faults().pri() && respond(word0, word1);
          case Cmd.RESUME -> resume(word0, word1);
          case Cmd.SYNC -> synchronize(word0, word1);
          default -> false;
        };
    return done ? SmmuV3Regs.CERROR_NONE : SmmuV3Regs.CERROR_ILL;
  }

  // ---- configuration

  private boolean invalidateConfiguration(long word0, long word1) {
    int sid = Cmd.SID.getInt(word0);
    boolean leaf = Cmd.CFGI_LEAF.isSet(word1);
    switch (Cmd.OPCODE.getInt(word0)) {
      case Cmd.CFGI_STE -> configuration.forgetStreams(sid, 0, leaf);
      case Cmd.CFGI_ALL ->
          configuration.forgetStreams(
              sid, Math.min(Cmd.CFGI_RANGE.getInt(word1) + 1, ALL_STREAMS), false);
      case Cmd.CFGI_CD -> configuration.forgetContext(sid, Cmd.SSID.getInt(word0), leaf);
      default -> configuration.forgetContexts(sid);
    }
    boolean ofContexts = Cmd.OPCODE.getInt(word0) >= Cmd.CFGI_CD;
    return !ofContexts || config.stages().stage1();
  }

  // ---- the TLB

  private boolean invalidateEl1(long word0, long word1) {
    Spaces.Regime regime = spaces.of(vmid(word0)).el1;
    Spaces.Range range = range(word1 & Cmd.TLBI_VA.mask(), word0, word1);
    switch (Cmd.OPCODE.getInt(word0)) {
      case Cmd.TLBI_NH_ALL -> regime.forgetAll();
      case Cmd.TLBI_NH_ASID -> regime.forget(asid(word0));
      case Cmd.TLBI_NH_VA -> regime.drop(asid(word0), range);
      default -> regime.dropOfAll(range);
    }
    return true;
  }

  private boolean invalidateEl2(long word0, long word1) {
    Spaces.Regime regime = spaces.el2();
    int asid = configuration.el2Asid(asid(word0));
    switch (Cmd.OPCODE.getInt(word0)) {
      case Cmd.TLBI_EL2_ALL -> regime.forgetAll();
      case Cmd.TLBI_EL2_ASID -> regime.forget(asid);
      default -> regime.drop(asid, range(word1 & Cmd.TLBI_VA.mask(), word0, word1));
    }
    return true;
  }

  private boolean invalidateMachine(long word0, long word1) {
    if (Cmd.OPCODE.getInt(word0) == Cmd.TLBI_S12_VMALL) {
      spaces.forgetMachine(vmid(word0));
    } else {
      spaces.dropStage2(vmid(word0), range(word1 & Cmd.TLBI_IPA_MASK, word0, word1));
    }
    return true;
  }

  private int asid(long word0) {
    return Cmd.TLBI_ASID.getInt(word0) & config.stages().tagMask();
  }

  private int vmid(long word0) {
    SmmuV3Config.Stages stages = config.stages();
    return stages.stage2() ? Cmd.TLBI_VMID.getInt(word0) & stages.tagMask() : 0;
  }

  private boolean isRange(long word1) {
    return config.stages().rangeInvalidation() && Cmd.TLBI_TG.isSet(word1);
  }

  private Spaces.Range range(long first, long word0, long word1) {
    return new Spaces.Range(
        first, last(first, word0, word1), largestShift(word1), Cmd.TLBI_LEAF.isSet(word1));
  }

  /** The last address that an invalidation is about. */
  private long last(long first, long word0, long word1) {
    if (!isRange(word1)) {
      return first;
    }
    long granules = (Cmd.TLBI_NUM.get(word0) + 1) << Cmd.TLBI_SCALE.get(word0);
    return first + (granules << granuleShift(word1)) - 1;
  }

  /** The size of the largest entry that an invalidation is about. */
  private int largestShift(long word1) {
    int level = Cmd.TLBI_TTL.getInt(word1);
    if (!isRange(word1) || level == 0) {
      return ANY_SIZE;
    }
    int granuleShift = granuleShift(word1);
    return granuleShift + (3 - level) * (granuleShift - 3);
  }

  private static int granuleShift(long word1) {
    return 10 + 2 * Cmd.TLBI_TG.getInt(word1);
  }

  // ---- caches of devices

  private boolean invalidateDevice(long word0, long word1) {
    int pagesLog2 = Cmd.ATC_SIZE.getInt(word1);
    if (pagesLog2 > Cmd.ATC_SIZE_ALL) {
      return false;
    }
    boolean hasSsid = Cmd.SSV.isSet(word0) && config.streams().ssidBits() > 0;
    devices.invalidate(
        Cmd.SID.getInt(word0),
        hasSsid ? Cmd.SSID.getInt(word0) : Translator.NO_SUBSTREAM,
        hasSsid && Cmd.ATC_GLOBAL.isSet(word0),
        pagesLog2 == Cmd.ATC_SIZE_ALL
            ? 0
            : word1 & Cmd.ATC_ADDR.mask() & -1L << (ATC_PAGE_SHIFT + pagesLog2),
        pagesLog2);
    return true;
  }

  // ---- faults, page requests, completion

  private boolean resume(long word0, long word1) {
    int response = Cmd.RESUME_RESP.getInt(word0);
    if (config.faults().stallModel() == SmmuV3Config.StallModel.NONE
        || response > Cmd.RESUME_ABORT) {
      return false;
    }
    stalls.resume(Cmd.SID.getInt(word0), Cmd.RESUME_STAG.getInt(word1), response);
    return true;
  }

  private boolean respond(long word0, long word1) {
    int response = Cmd.PRI_RESP_CODE.getInt(word1);
    if (response > Cmd.PRI_RESP_SUCCESS) {
      return false;
    }
    pageRequests.respond(Cmd.SID.getInt(word0), Cmd.PRI_GRPID.getInt(word1), response);
    return true;
  }

  /** All that came before is done by now, so there is nothing to wait for. */
  private boolean synchronize(long word0, long word1) {
    int signal = Cmd.SYNC_CS.getInt(word0);
    long messagePa = word1 & Cmd.SYNC_MSIADDR_MASK;
    if (signal != Cmd.SYNC_CS_IRQ) {
      return signal <= Cmd.SYNC_CS_SEV;
    }
    if (messagePa == 0 || !config.faults().msi()) {
      syncPin.pulse();
    } else if (!Signal.send(port, messagePa, Cmd.SYNC_MSIDATA.getInt(word0))) {
      errors.raise(SmmuV3Regs.GERROR_MSI_CMDQ_ABT.mask());
    }
    return true;
  }
}
