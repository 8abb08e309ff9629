package org.smmulator.hw.sysmmu;

import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * A model of one of Samsung's sysmmus, any version from 1 to 7: it stands in front of one master,
 * knows one table and translates 32-bit iovas.
 *
 * <p>Disabled, it passes every transaction; blocked, it holds every one; enabled, it translates. A
 * fault holds the master and blocks the controller by itself, until software has cleared the
 * interrupt and has enabled the controller again; then the transaction is tried again.
 *
 * <p>From v3.3 on first-level entries are kept in a cache (CFG.FLPDCACHE), whatever they say: also
 * a link to a table without a mapping. An invalidation of an address invalidates its entry there
 * too.
 *
 * <p>The source is the kernel's {@code exynos-iommu.c}: what it relies on.
 *
 * <p>Not modelled: security faults, because there is no secure world; prefetch buffers and virtual
 * machines but the first, because the driver uses neither; the time that blocking takes (STATUS
 * says so at once); the cache of v3.2; the erratum of v3.x that second-level entries without a
 * mapping are cached too, because the kernel works around it where iovas are chosen; the loss of
 * registers with power.
 *
 * @implNote Unverified: the meaning of each bit of CTRL, of AP and APX before v5; that an
 *     invalidation of an address reaches the cache of first-level entries in all versions (the
 *     driver says so of v3.3, and does more than that from v5 on); that an illegal table is a bus
 *     error; the extent of a prefetch.
 */
public final class Sysmmu implements Translator {
  private static final int REGISTER_BYTES = 0x9000;
  private static final long IOVA = 0xffff_ffffL;

  private final SysmmuConfig config;
  private final SysmmuVariant variant;
  private final Timebase timebase;
  private final IrqPin interrupt;
  private final Doorbell changed;
  private final SysmmuTlb tlb;
  private final TableWalker walker;
  private final FaultLatch latch;
  private final RegisterFile registers;

  private int intStatus;
  private boolean blockedByFault;
  private int masterResets;

  // Derived from the registers, for the hot path.
  private boolean translating;
  private boolean held;
  private boolean checksRights;
  private long rootPa;

  /** Makes a sysmmu as it comes out of reset: every transaction passes. */
  public Sysmmu(SysmmuConfig config, Timebase timebase, Dram dram, IrqPin interrupt) {
    this.config = config;
    this.variant = config.variant();
    this.timebase = timebase;
    this.interrupt = interrupt;
    this.changed = timebase.doorbell("a sysmmu to let its master go on");
    this.tlb = new SysmmuTlb(config);
    this.walker = new TableWalker(config, dram);
    this.latch = FaultLatch.of(variant);
    this.registers = declare();
  }

  private RegisterFile declare() {
    RegisterFile.Builder builder =
        RegisterFile.builder(REGISTER_BYTES)
            .onWrite(SysmmuRegs.CTRL, this::control)
            .onWrite(SysmmuRegs.CFG, this::configure)
            .onRead(SysmmuRegs.STATUS, this::status)
            .constant(SysmmuRegs.VERSION, config.versionRegister())
            .onWrite(variant.ptBase(), this::setRoot)
            .command(variant.flushAll(), this::flushAll)
            .command(variant.flushEntry(), this::flushEntry)
            .onRead(variant.intStatus(), () -> intStatus)
            .command(variant.intClear(), this::clear);
    if (variant.hasRanges()) {
      builder
          .readWrite(variant.flushStart())
          .readWrite(variant.flushEnd())
          .command(variant.flushRange(), this::flushRange);
    }
    if (config.major() == 7) {
      boolean machines = config.virtualMachines();
      builder
          .constant(SysmmuVariant.CAPA0, SysmmuVariant.CAPA0_CAPA1_EXIST.of(machines ? 1 : 0))
          .constant(SysmmuVariant.CAPA1, SysmmuVariant.CAPA1_VCR_ENABLED.of(machines ? 1 : 0));
      if (machines) {
        builder.onWrite(SysmmuVariant.CTRL_VM, ignored -> settle());
      }
    }
    latch.declare(builder);
    return builder.build();
  }

  /** The register space. */
  public MmioTarget mmio() {
    return registers;
  }

  @Override
  public long translate(int streamId, int substreamId, long incoming, int access) {
    if (translating && !held) {
      long iova = incoming & IOVA;
      long leaf = tlb.find(iova);
      if (leaf > 0 && (!checksRights || SysmmuPage.allows(leaf, access))) {
        timebase.consume(config.tlb().hitNs());
        return SysmmuPage.pa(leaf, iova);
      }
    }
    return translateSlowly(incoming, access);
  }

  @Override
  public long tlbFills() {
    return tlb.fills();
  }

  @Override
  public void watchTlb(TlbWatch watch) {
    tlb.watch(watch);
  }

  /** {@inheritDoc} A fault of a master that was reset meanwhile is not raised again. */
  @Override
  public void masterReset(int streamId) {
    masterResets++;
  }

  private long translateSlowly(long incoming, int access) {
    long iova = incoming & IOVA;
    int resets = masterResets;
    while (true) {
      while (held) {
        changed.await();
      }
      if (resets != masterResets) {
        return ABORT; // the master has forgotten the transaction
      }
      if (!translating) {
        return incoming;
      }
      long leaf = leafFor(iova);
      if (leaf > 0 && (!checksRights || SysmmuPage.allows(leaf, access))) {
        return SysmmuPage.pa(leaf, iova);
      }
      raise(kindOf(leaf), iova, access);
      if (!stallsOnFaults()) {
        return ABORT;
      }
    }
  }

  /** The leaf of the TLB for {@code iova}, or else of a walk that fills the TLB. */
  private long leafFor(long iova) {
    long found = tlb.find(iova);
    if (found != SysmmuTlb.MISS) {
      timebase.consume(config.tlb().hitNs());
      return found;
    }
    long leaf = walker.walk(rootPa, iova);
    timebase.consume(walker.steps() * config.tlb().walkStepNs());
    if (leaf > 0) {
      tlb.fill(iova, leaf, rootPa);
    }
    return leaf;
  }

  private static FaultLatch.Kind kindOf(long leaf) {
    if (leaf > 0) {
      return FaultLatch.Kind.ACCESS;
    }
    if (leaf == SysmmuPage.TWO) {
      return FaultLatch.Kind.MULTI_HIT;
    }
    return leaf == SysmmuPage.HOLE ? FaultLatch.Kind.HOLE : FaultLatch.Kind.NO_TABLE;
  }

  private void raise(FaultLatch.Kind kind, long iova, int access) {
    intStatus |= latch.latch(registers, kind, iova, access);
    blockedByFault = stallsOnFaults();
    interrupt.set(true);
    settle();
  }

  /** Only where there are virtual machines can software choose. */
  private boolean stallsOnFaults() {
    return !config.virtualMachines()
        || SysmmuVariant.CTRL_VM_FAULT_MODE_STALL.isSet(registers.get(SysmmuVariant.CTRL_VM));
  }

  private void control(int ctrl) {
    if (!SysmmuRegs.CTRL_HOLD.isSet(ctrl)) {
      blockedByFault = false;
    }
    settle();
  }

  private void clear(int ones) {
    intStatus &= ~ones;
    interrupt.set(intStatus != 0);
    settle();
  }

  private int status() {
    return SysmmuRegs.STATUS_BLOCKED.of(isBlocked() ? 1 : 0);
  }

  private boolean isBlocked() {
    return blockedByFault || SysmmuRegs.CTRL_HOLD.isSet(registers.get(SysmmuRegs.CTRL));
  }

  private void configure(int cfg) {
    checksRights = SysmmuRegs.CFG_EAP.isSet(cfg);
    walker.switchCache(SysmmuRegs.CFG_FLPDCACHE.isSet(cfg));
  }

  /** Takes over what CTRL, INT_STATUS and CTRL_VM say now, and lets the master look again. */
  private void settle() {
    boolean machineIsOn =
        !config.virtualMachines()
            || SysmmuVariant.CTRL_VM_ENABLE.isSet(registers.get(SysmmuVariant.CTRL_VM));
    translating = machineIsOn && SysmmuRegs.CTRL_TRANSLATE.isSet(registers.get(SysmmuRegs.CTRL));
    boolean faultWaits = intStatus != 0 && stallsOnFaults();
    held = isBlocked() || (translating && faultWaits);
    changed.ring();
  }

  private void setRoot(int value) {
    rootPa = Integer.toUnsignedLong(value) << (config.wideEntries() ? 12 : 0);
  }

  private void flushAll(int value) {
    if ((value & SysmmuRegs.FLUSH_NOW) != 0) {
      tlb.invalidateAll();
      walker.invalidateAll();
      timebase.consume(config.tlb().invalidateNs());
    }
  }

  private void flushEntry(int value) {
    if ((value & SysmmuRegs.FLUSH_NOW) != 0) {
      long iova = page(value);
      tlb.invalidate(iova);
      walker.invalidate(iova);
      timebase.consume(config.tlb().invalidateNs());
    }
  }

  private void flushRange(int value) {
    if ((value & SysmmuRegs.FLUSH_NOW) != 0) {
      long first = page(registers.get(variant.flushStart()));
      long last = page(registers.get(variant.flushEnd())) | 0xfff;
      tlb.invalidateRange(first, last);
      walker.invalidateRange(first, last);
      timebase.consume(config.tlb().invalidateNs());
    }
  }

  private static long page(int register) {
    return Integer.toUnsignedLong(register) & -4096L;
  }
}
