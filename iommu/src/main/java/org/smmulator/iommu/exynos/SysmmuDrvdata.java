package org.smmulator.iommu.exynos;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuOps;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * One sysmmu that the driver is bound to: a table's root in its registers, in front of one master.
 *
 * <p>Kernel: {@code struct sysmmu_drvdata}.
 */
final class SysmmuDrvdata {
  /**
   * The resources of the sysmmu's node.
   *
   * @param pm of the sysmmu
   */
  record Resources(
      Device device, Mmio registers, IrqLine irq, RuntimePm pm, ImmutableList<Supply> clocks) {}

  private static final int BLOCK_POLLS = 120;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  /** A v2 has 64 sets, and a section can be in each. */
  private static final int V2_SETS = 64;

  private final Resources resources;
  private final Scheduler scheduler;
  private final Mmio registers;
  private final ExynosSysmmuVersion version;
  private final SysmmuVariant variant;
  private final IommuDevice instance;

  private @Nullable Device master;
  private @Nullable ExynosIommuDomain domain;
  private boolean active;

  // Made once, with their arguments in fields, so that an invalidation allocates nothing.
  private final Runnable invalidatePages = this::invalidatePagesBlocked;
  private final Runnable invalidateLinks = this::invalidateLinksBlocked;
  private int invIova;
  private int invCount;

  /** Reads the version; writes nothing. */
  SysmmuDrvdata(Resources resources, Scheduler scheduler, IommuOps ops) {
    this.resources = resources;
    this.scheduler = scheduler;
    this.registers = resources.registers();
    resources.clocks().forEach(Supply::enable);
    this.version = ExynosSysmmuVersion.read(registers);
    resources.clocks().forEach(Supply::disable);
    this.variant = version.variant();
    this.instance = new IommuDevice(resources.device(), ops);
  }

  Device device() {
    return resources.device();
  }

  Mmio registers() {
    return registers;
  }

  RuntimePm pm() {
    return resources.pm();
  }

  ExynosSysmmuVersion version() {
    return version;
  }

  IommuDevice instance() {
    return instance;
  }

  /** The master behind this sysmmu; null before {@code probe_device()}. */
  @Nullable Device master() {
    return master;
  }

  void setMaster(@Nullable Device known) {
    master = known;
  }

  /** The attached domain, by the driver's list; null for none. */
  @Nullable ExynosIommuDomain domain() {
    return domain;
  }

  void setDomain(@Nullable ExynosIommuDomain next) {
    domain = next;
  }

  /** True if the hardware translates. */
  boolean isActive() {
    return active;
  }

  /** Enables translation by the domain's table. Kernel: {@code __sysmmu_enable()}. */
  void enable(ExynosIommuDomain by) {
    resources.clocks().forEach(Supply::enable);
    scheduler.atomically(() -> {
      registers.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_BLOCK);
      registers.write(SysmmuRegs.CFG, version.config());
      setBase(by);
      enableMachine();
      registers.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_ENABLE);
      active = true;
    });
  }

  /** Has hardware that translates walk another table. */
  void load(ExynosIommuDomain by) {
    scheduler.atomically(() -> {
      boolean blocked = block();
      setBase(by);
      if (blocked) {
        unblock();
      }
    });
  }

  /** Kernel: {@code __sysmmu_set_ptbase()}. */
  private void setBase(ExynosIommuDomain by) {
    long root = by.rootPa();
    registers.write(variant.ptBase(), (int) (version.major() < 5 ? root : root >>> PAGE_SHIFT));
    registers.write(variant.flushAll(), SysmmuRegs.FLUSH_NOW);
  }

  /** Kernel: {@code __sysmmu_enable_vid()}. */
  private void enableMachine() {
    if (variant == SysmmuVariant.V7_VM) {
      registers.write(
          SysmmuVariant.CTRL_VM,
          registers.read(SysmmuVariant.CTRL_VM)
              | SysmmuVariant.CTRL_VM_ENABLE.mask()
              | SysmmuVariant.CTRL_VM_FAULT_MODE_STALL.mask());
    }
  }

  /**
   * Disables translation: every transaction bypasses. Kernel: {@code __sysmmu_disable()}.
   *
   * <p>A fault that no CPU has taken yet is dropped, and with it the interrupt. Linux leaves it
   * pending, and its handler then reads registers whose clocks are off.
   */
  void disable() {
    if (!active) {
      // It lost its domain while it slept, and so was not enabled again. Linux writes to it though
      // its clocks are off, and has them count below zero, which warns.
      device().warn("WARNING: clocks are off already");
      return;
    }
    scheduler.atomically(() -> {
      registers.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_DISABLE);
      registers.write(SysmmuRegs.CFG, 0);
      registers.write(variant.intClear(), -1);
      active = false;
    });
    resources.clocks().forEach(Supply::disable);
  }

  /** Drops faults that no CPU has taken, and their interrupt; it is awake. */
  void dropFaults() {
    registers.write(variant.intClear(), -1);
  }

  /**
   * Invalidates one leaf. Kernel: {@code sysmmu_tlb_invalidate_entry()}.
   *
   * @param sizeBytes of the leaf
   */
  void invalidateEntry(long iova, long sizeBytes) {
    if (active) {
      invIova = (int) iova;
      invCount = version.major() == 2 ? (int) Math.min(sizeBytes >>> PAGE_SHIFT, V2_SETS) : 1;
      scheduler.atomically(invalidatePages);
    }
  }

  /**
   * Invalidates the cached first-level entry of a megabyte. Kernel: {@code
   * sysmmu_tlb_invalidate_flpdcache()}.
   *
   * @param iova any in that megabyte
   */
  void invalidateFlpdcache(long iova) {
    if (active && version.isAtLeast(3, 3)) {
      invIova = (int) iova;
      invCount = 1;
      scheduler.atomically(invalidateLinks);
    }
  }

  private void invalidatePagesBlocked() {
    if (block()) {
      invalidateEntries();
      unblock();
    }
  }

  private void invalidateLinksBlocked() {
    if (block()) {
      if (version.isAtLeast(5, 0)) {
        registers.write(variant.flushAll(), SysmmuRegs.FLUSH_NOW);
      } else {
        invalidateEntries();
      }
      unblock();
    }
  }

  /** Kernel: {@code __sysmmu_tlb_invalidate_entry()}. */
  private void invalidateEntries() {
    int first = invIova & -PAGE_BYTES;
    if (version.major() < 5 || invCount == 1) {
      for (int i = 0; i < invCount; i++) {
        registers.write(variant.flushEntry(), first + i * PAGE_BYTES | SysmmuRegs.FLUSH_NOW);
      }
      return;
    }
    registers.write(variant.flushStart(), first);
    registers.write(variant.flushEnd(), first + (invCount - 1) * PAGE_BYTES);
    registers.write(variant.flushRange(), SysmmuRegs.FLUSH_NOW);
  }

  /**
   * Blocks the master's transactions; false if the sysmmu does not block in time. Kernel: {@code
   * sysmmu_block()}.
   */
  private boolean block() {
    registers.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_BLOCK);
    for (int poll = 0; poll < BLOCK_POLLS; poll++) {
      if (SysmmuRegs.STATUS_BLOCKED.isSet(registers.read(SysmmuRegs.STATUS))) {
        return true;
      }
    }
    unblock();
    return false;
  }

  /** Unblocks the master's transactions. Kernel: {@code sysmmu_unblock()}. */
  void unblock() {
    registers.write(SysmmuRegs.CTRL, SysmmuRegs.CTRL_ENABLE);
  }

  @Override
  public String toString() {
    return device().name();
  }
}
