package org.smmulator.hw.smmuv3;

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
 * The path of a transaction: its configuration, the TLB, the tables of one stage or both, and what
 * becomes of it if any of these refuses.
 */
final class Transactions implements Translator {
  private static final long REFUSED = -1;

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

  /** CR0.SMMUEN; without it nothing is translated, and who is stalled gives up. */
  void enable(boolean now) {
    enabled = now;
    if (!now) {
      stalls.abortAll();
    }
  }

  boolean isEnabled() {
    return enabled;
  }

  /** GBPA.ABORT: whether transactions are refused while nothing is translated. */
  void abortWhileOff(boolean now) {
    abortsWhileOff = now;
  }

  @Override
  public long translate(int sid, int ssid, long iova, int access) {
    if (enabled) {
      Route route = configuration.known(sid, ssid);
      if (route != null && route.kind() == Route.Kind.TRANSLATE) {
        long address = route.address(iova);
        long leaf = find(route, address);
        if (leaf != Leaf.MISS && Leaf.allows(leaf, Leaf.rightsFor(access))) {
          timebase.consume(config.costs().hitNs());
          return Leaf.pa(leaf, address);
        }
      }
    }
    return translateSlowly(sid, ssid, iova, access);
  }

  private long translateSlowly(int sid, int ssid, long iova, int access) {
    while (enabled) {
      Route route = configuration.route(sid, ssid, fault);
      long pa = route == null ? REFUSED : follow(route, sid, ssid, iova, access);
      if (pa >= 0) {
        return pa;
      }
      long refusal = fault.refusal(); // another transaction may fault while this one is stalled
      if (!fault.stalls()) {
        if (fault.isRecorded()) {
          var _ = events.offer(fault.words());
        }
        return refusal;
      }
      switch (stalls.stall(sid, fault.words())) {
        case Cmd.RESUME_RETRY -> {}
        case Cmd.RESUME_ABORT -> {
          return ABORT;
        }
        default -> {
          return refusal;
        }
      }
    }
    return abortsWhileOff ? ABORT : iova;
  }

  /** Where {@code iova} leads, or {@link #REFUSED}, and then {@link #fault} says why. */
  private long follow(Route route, int sid, int ssid, long iova, int access) {
    switch (route.kind()) {
      case BYPASS -> {
        return iova;
      }
      case ABORT -> fault.silent(sid, ssid);
      case ILLEGAL_STREAM -> fault.badConfiguration(Evt.C_BAD_STE, sid, ssid);
      case ILLEGAL_CONTEXT -> fault.badConfiguration(Evt.C_BAD_CD, sid, ssid);
      case TRANSLATE -> {
        return throughTables(route, sid, ssid, iova, access);
      }
    }
    return REFUSED;
  }

  /**
   * What the TLB, or else the tables, have for {@code address}: a leaf, whatever it allows, or a
   * fault.
   */
  long leaf(Route route, long address, long rights) {
    long leaf = find(route, address);
    if (leaf == Leaf.MISS || (Leaf.isClean(leaf) && !Leaf.allows(leaf, rights))) {
      return walk(route, address, rights);
    }
    timebase.consume(config.costs().hitNs());
    return leaf;
  }

  private long throughTables(Route route, int sid, int ssid, long iova, int access) {
    long address = route.address(iova);
    long rights = Leaf.rightsFor(access);
    long leaf = leaf(route, address, rights);
    if (!Leaf.isFault(leaf) && !Leaf.allows(leaf, rights)) {
      leaf = permissionFault(leaf, rights);
    }
    if (!Leaf.isFault(leaf)) {
      return Leaf.pa(leaf, address);
    }
    if (Leaf.kind(leaf) == Leaf.EXTERNAL_ABORT) {
      long pa = Leaf.isStage2(leaf) ? stage2.faultAddress() : walker.faultAddress();
      fault.failedWalk(sid, ssid, iova, access, leaf, pa);
    } else {
      long ipa = ipaOf(route, leaf, address);
      fault.translation(sid, ssid, iova, access, leaf, ipa, route.consequences());
    }
    return REFUSED;
  }

  private long find(Route route, long address) {
    long leaf = tlb.find(route.space(), address);
    return leaf == Leaf.MISS && !route.global().isEmpty()
        ? tlb.find(route.global(), address)
        : leaf;
  }

  /** What the tables have for {@code address}, which the TLB then keeps. */
  private long walk(Route route, long address, long rights) {
    Tables below = route.stream().stage2();
    if (below != null) {
      stage2.enter(below, route.stage2Space());
    }
    Stage1Config context = route.context();
    if (context == null) {
      long leaf = stage2.leaf(address, Leaf.CLASS_INPUT); // which fills the TLB
      timebase.consume(stage2.steps() * config.costs().walkStepNs());
      return leaf;
    }
    long leaf = stage1(route, context, below, address, rights);
    if (below != null) {
      timebase.consume(stage2.steps() * config.costs().walkStepNs());
    }
    if (!Leaf.isFault(leaf)) {
      tlb.fill(Leaf.isGlobal(leaf) ? route.global() : route.space(), address, leaf);
    }
    return leaf;
  }

  private long stage1(
      Route route, Stage1Config context, @Nullable Tables below, long address, long rights) {
    Tables half = address < 0 ? context.upper() : context.lower();
    if (half == null || !half.cover(address)) {
      return Leaf.fault(Leaf.TRANSLATION);
    }
    long leaf =
        walker.stage1(
            half, below == null ? Walker.Reach.PHYSICAL : stage2, route.space(), address, rights);
    timebase.consume(walker.steps() * config.costs().walkStepNs());
    if (below == null || Leaf.isFault(leaf)) {
      return leaf;
    }
    long ipa = Leaf.pa(leaf, address);
    long second = stage2.leaf(ipa, Leaf.CLASS_INPUT);
    return Leaf.isFault(second) ? second : Leaf.nested(leaf, ipa, second);
  }

  private static long permissionFault(long leaf, long rights) {
    return Leaf.stage1Refuses(leaf, rights)
        ? Leaf.fault(Leaf.PERMISSION)
        : Leaf.stage2Fault(Leaf.PERMISSION, Leaf.CLASS_INPUT);
  }

  /**
   * What stage 2 was asked when it faulted. A TLB entry of both stages does not know, so after a
   * permission fault stage 1 is asked again.
   */
  private long ipaOf(Route route, long stage2Fault, long address) {
    Stage1Config context = route.context();
    boolean input = Leaf.faultClass(stage2Fault) == Leaf.CLASS_INPUT;
    if (!Leaf.isStage2(stage2Fault)
        || Leaf.kind(stage2Fault) != Leaf.PERMISSION
        || !input
        || context == null) {
      return context == null ? address : stage2.faultIpa();
    }
    Tables half = address < 0 ? context.upper() : context.lower();
    long leaf = half == null ? Leaf.MISS : walker.stage1(half, stage2, route.space(), address, 0);
    return Leaf.isFault(leaf) ? stage2.faultIpa() : Leaf.pa(leaf, address);
  }
}
