package org.smmulator.hw.qcom;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.BankSpaces;
import org.smmulator.hw.smmuv2.Invalidations;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv2.QcomIommuLocal;

/**
 * A model of the IOMMU of an MSM8916: an SMMUv2 whose global registers belong to the secure world.
 * Linux reaches a row of context banks, each with one ASID, its own number; firmware has routed
 * each stream to the bank of that number for good.
 *
 * <p>A secure bank's registers read as zero and ignore stores until firmware gives it to the
 * non-secure world; see {@link QcomSecureWorld}. Meanwhile its transactions pass untranslated.
 *
 * <p>The sources are the kernel's {@code qcom_iommu.c} and the SMMU architecture.
 */
public final class QcomIommu implements Translator {
  private static final int LOCAL_BYTES = 0x3000;

  /**
   * A bank that the silicon has.
   *
   * @param number its ASID, from 1 up
   */
  public record Bank(int number, boolean secure, IrqPin interrupt) {}

  private record Slot(QcomBank bank, boolean secure) {}

  private final @Nullable Slot[] slots;
  private final boolean[] opened;
  private final Tlb tlb;
  private final Invalidations invalidations;
  private final RegisterFile local =
      RegisterFile.builder(LOCAL_BYTES).readWrite(QcomIommuLocal.INTR_SEL_NS).build();

  public QcomIommu(
      ImmutableList<Bank> banks, SmmuV2Config.Costs timing, Timebase timebase, Dram dram) {
    int last = banks.stream().mapToInt(Bank::number).max().orElse(0);
    checkArgument(
        banks.stream().allMatch(bank -> bank.number() >= 1) && last <= 0xff, "bank numbers");
    this.slots = new Slot[last + 1];
    this.opened = new boolean[last + 1];
    tlb = new Tlb(timing.entries(), timing.walkEntries());
    BankSpaces[] spaces = BankSpaces.row(last + 1, tlb);
    this.invalidations = new Invalidations(timing, timebase, spaces);
    QcomBank.Shared shared = new QcomBank.Shared(timing, timebase, dram, tlb, invalidations);
    for (Bank bank : banks) {
      int number = bank.number();
      checkArgument(slots[number] == null, "two banks are number %s", number);
      slots[number] =
          new Slot(new QcomBank(number, shared, spaces[number], bank.interrupt()), bank.secure());
    }
  }

  @Override
  public long tlbFills() {
    return tlb.fills();
  }

  @Override
  public void watchTlb(TlbWatch watch) {
    tlb.watch(watch);
  }

  /** The registers that belong to no bank. */
  public MmioTarget local() {
    return local;
  }

  /** The registers of a bank, as the non-secure world reaches them. */
  public MmioTarget bank(int number) {
    Slot slot = slots[number];
    checkArgument(slot != null, "there is no bank %s", number);
    MmioTarget registers = slot.bank().mmio();
    return slot.secure() ? guarded(number, registers) : registers;
  }

  /** Gives a bank to the non-secure world; false if there is no such bank. */
  boolean open(int number) {
    boolean exists = number > 0 && number < slots.length && slots[number] != null;
    if (exists) {
      opened[number] = true;
    }
    return exists;
  }

  /** A transaction through the bank whose number is {@code streamId}. */
  @Override
  public long translate(int streamId, int substreamId, long iova, int access) {
    if (invalidations.arePending()) {
      invalidations.settle();
    }
    Slot slot = streamId < slots.length ? slots[streamId] : null;
    return slot == null ? ABORT : slot.bank().translate(streamId, iova, access);
  }

  private MmioTarget guarded(int number, MmioTarget registers) {
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return opened[number] ? registers.read32(offset) : 0;
      }

      @Override
      public void write32(int offset, int value) {
        if (opened[number]) {
          registers.write32(offset, value);
        }
      }
    };
  }
}
