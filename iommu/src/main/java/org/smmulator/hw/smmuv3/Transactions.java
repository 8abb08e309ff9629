package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkNotNull;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.hw.vmsa.Walker;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Evt;

/**
 * The path of a transaction. {@link #translate} answers what is cached; {@link #attempt} is the
 * whole path from top to bottom: configuration, TLB, walk of one stage or both, and the event or
 * the stall if any of these refuses.
 */
final class Transactions implements Translator {
  /**
   * An answer of {@link #attempt}: software has resumed the transaction, and it is translated
   * again.
   */
  private static final long RETRY = -3;

  /** A bypassed stage 1 met an address that {@link #isTooLarge}. IHI 0070, 3.4. */
  private static final long TOO_LARGE = Leaf.fault(Leaf.ADDRESS_SIZE, 0);

  private final SmmuV3Config config;
  private final Timebase timebase;
  private final Tlb tlb;
  private final Walker walker;
  private final IpaTranslation stage2;
  private final Configuration configuration;
  private final OutputQueue events;
  private final Stalls stalls;
  private final FaultRecord fault = new FaultRecord();

  private boolean enabled;
  private boolean abortsWhileOff;

  Transactions(
      SmmuV3Config config,
      Timebase timebase,
      Dram dram,
      Tlb tlb,
      IpaTranslation stage2,
      Configuration configuration,
      OutputQueue events,
      Stalls stalls) {
    this.config = config;
    this.timebase = timebase;
    this.tlb = tlb;
    this.walker = new Walker(dram, tlb);
    this.stage2 = stage2;
    this.configuration = configuration;
    this.events = events;
    this.stalls = stalls;
  }

  /** CR0.SMMUEN; when it is cleared, stalled transactions are aborted. */
  void enable(boolean now) {
    enabled = now;
    if (!now) {
      stalls.abortAll();
    }
  }

  boolean isEnabled() {
    return enabled;
  }

  /** GBPA.ABORT: whether transactions are refused while the SMMU is disabled. */
  void abortWhileOff(boolean now) {
    abortsWhileOff = now;
  }

  @Override
  public long translate(int sid, int ssid, long iova, int access) {
    SubstreamConfig known = enabled ? configuration.cached(sid, ssid) : null;
    if (known != null && known.kind() == SubstreamConfig.Kind.TRANSLATE) {
      long address = known.address(iova);
      long page = tlb.findPage(known.space(), address);
      if (page != Leaf.MISS && Leaf.allows(page, Leaf.rightsFor(access))) {
        timebase.consume(config.costs().hitNs());
        return Leaf.paInPage(page, address);
      }
    }
    while (enabled) {
      long pa = attempt(sid, ssid, iova, access);
      if (pa != RETRY) {
        return pa;
      }
    }
    return abortsWhileOff || isTooLarge(iova) ? ABORT : iova;
  }

  /** True if an address that no table translates has more bits than an output address has. */
  boolean isTooLarge(long address) {
    return address >>> config.outputBits() != 0;
  }

  /** Translates a transaction, or refuses it. */
  private long attempt(int sid, int ssid, long iova, int access) {
    // From the stream table and the table of context descriptors, or their cache.
    SubstreamConfig found = configuration.of(sid, ssid, fault);
    if (found == null) {
      return refuse(sid);
    }
    switch (found.kind()) {
      case BYPASS -> {
        if (!isTooLarge(iova)) {
          return iova;
        }
        fault.translation(sid, ssid, iova, access, TOO_LARGE, 0, found.faultPolicy());
        return refuse(sid);
      }
      case ABORT -> {
        fault.silent(sid, ssid);
        return refuse(sid);
      }
      case ILLEGAL_STREAM -> {
        fault.badConfiguration(Evt.C_BAD_STE, sid, ssid);
        return refuse(sid);
      }
      case ILLEGAL_CONTEXT -> {
        fault.badConfiguration(Evt.C_BAD_CD, sid, ssid);
        return refuse(sid);
      }
      case TRANSLATE -> {}
    }

    // From the TLB, or a walk that fills it.
    long address = found.address(iova);
    long rights = Leaf.rightsFor(access);
    long leaf = leaf(found, address, rights);
    if (!Leaf.isFault(leaf) && Leaf.allows(leaf, rights)) {
      return Leaf.pa(leaf, address);
    }

    long why = Leaf.isFault(leaf) ? leaf : permissionFault(leaf, rights);
    if (Leaf.kind(why) == Leaf.EXTERNAL_ABORT) {
      long pa = Leaf.isStage2(why) ? stage2.faultAddress() : walker.faultAddress();
      fault.failedWalk(sid, ssid, iova, access, why, pa);
    } else {
      long ipa = ipaOf(found, why, address);
      fault.translation(sid, ssid, iova, access, why, ipa, found.faultPolicy());
    }
    return refuse(sid);
  }

  /**
   * The leaf that the TLB, or else the tables, have for {@code address}, whatever it allows; or a
   * fault.
   */
  long leaf(SubstreamConfig of, long address, long rights) {
    long found = tlb.find(of.space(), address);
    boolean becomesDirty = Leaf.isClean(found) && !Leaf.allows(found, rights);
    if (found != Leaf.MISS && !becomesDirty) {
      timebase.consume(config.costs().hitNs());
      return found;
    }
    StreamContext context = of.context();
    if (context == null && isTooLarge(address)) {
      return TOO_LARGE;
    }
    Tables below = of.stream().tables();
    if (below != null) {
      stage2.enter(below, of.stage2Space());
    }
    long leaf =
        context == null
            ? stage2.leaf(address, Leaf.CLASS_INPUT) // which fills the TLB
            : walk(of, context, below, address, rights);
    if (below != null) {
      timebase.consume(stage2.steps() * config.costs().walkStepNs());
    }
    if (becomesDirty && !Leaf.isFault(leaf)) {
      tlb.replace(of.space(), address, found, leaf, tablesOf(of, address));
    } else if (context != null && !Leaf.isFault(leaf)) {
      tlb.fill(of.space(), address, leaf, tablesOf(of, address));
    }
    return leaf;
  }

  /** The tables that made a leaf for {@code address}: stage 1's if both are in use. */
  private static Tables tablesOf(SubstreamConfig of, long address) {
    StreamContext context = of.context();
    return checkNotNull(
        context == null ? of.stream().tables() : context.tablesOf(address),
        "a leaf without tables");
  }

  /** Walks stage 1, and stage 2 with it if there are tables {@code below}. */
  private long walk(
      SubstreamConfig of,
      StreamContext context,
      @Nullable Tables below,
      long address,
      long rights) {
    Tables half = context.tablesOf(address);
    if (half == null || !half.cover(address)) {
      return Leaf.fault(Leaf.TRANSLATION, 0);
    }
    long leaf = walker.walk(half, of.space(), address, rights, below == null ? null : stage2);
    timebase.consume(walker.steps() * config.costs().walkStepNs());
    if (below == null || Leaf.isFault(leaf)) {
      return leaf;
    }
    long ipa = Leaf.pa(leaf, address);
    long second = stage2.leaf(ipa, Leaf.CLASS_INPUT);
    return Leaf.isFault(second) ? second : Leaf.nested(leaf, ipa, second);
  }

  /** Records the {@link #fault}, or stalls the transaction until software has decided about it. */
  private long refuse(int sid) {
    if (!fault.stalls()) {
      if (fault.isRecorded()) {
        var _ = events.offer(fault.words());
      }
      return fault.refusal();
    }
    return switch (stalls.stall(sid, fault.words())) {
      case Cmd.RESUME_RETRY -> RETRY;
      case Cmd.RESUME_ABORT -> ABORT;
      default -> RAZ_WI; // CD.A does not matter any more: IHI 0070, 4.7.1
    };
  }

  private static long permissionFault(long leaf, long rights) {
    long fault = Leaf.fault(Leaf.PERMISSION, 0);
    return Leaf.stage1Refuses(leaf, rights) ? fault : Leaf.stage2Fault(fault, Leaf.CLASS_INPUT);
  }

  /**
   * The input of stage 2 when it faulted. A TLB entry of both stages does not have it, so after a
   * permission fault stage 1 is walked again.
   */
  private long ipaOf(SubstreamConfig of, long stage2Fault, long address) {
    StreamContext context = of.context();
    if (context == null) {
      return address;
    }
    if (!Leaf.isStage2(stage2Fault)
        || Leaf.kind(stage2Fault) != Leaf.PERMISSION
        || Leaf.faultClass(stage2Fault) != Leaf.CLASS_INPUT) {
      return stage2.faultIpa();
    }
    Tables half = context.tablesOf(address);
    long leaf = half == null ? Leaf.MISS : walker.walk(half, of.space(), address, 0, stage2);
    return Leaf.isFault(leaf) ? stage2.faultIpa() : Leaf.pa(leaf, address);
  }
}
