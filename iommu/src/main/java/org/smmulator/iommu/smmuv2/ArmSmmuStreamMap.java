package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.regs.smmuv2.Gr0.S2CR;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_EXIDVALID;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE_BYPASS;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE_FAULT;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE_TRANS;
import static org.smmulator.regs.smmuv2.Gr0.SMR;
import static org.smmulator.regs.smmuv2.Gr0.SMR_EXT_MASK;
import static org.smmulator.regs.smmuv2.Gr0.SMR_ID;
import static org.smmulator.regs.smmuv2.Gr0.SMR_MASK;
import static org.smmulator.regs.smmuv2.Gr0.SMR_VALID;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * The stream map: stream match registers and their S2CRs.
 *
 * <p>Kernel: {@code smrs[]} and {@code s2crs[]} of {@code struct arm_smmu_device}. {@link
 * #writeAll} writes this copy to the hardware after a reset. The caller holds {@code
 * stream_map_mutex}.
 *
 * <p>An id is as {@code fwspec} has it: the stream id in bits 15:0, the mask in 31:16.
 */
final class ArmSmmuStreamMap {
  private static final int LOW_HALF = 0xffff;

  private static final class Entry {
    int id;
    int mask;
    boolean valid;
    int type;
    int bank;

    /** Number of stream ids of devices in this entry. */
    int users;

    @Nullable IommuGroup group;
  }

  private final Mmio gr0;
  private final ArmSmmuImpl impl;
  private final FaultInjector faults;
  private final boolean matching;
  private final boolean extended;
  private final ImmutableList<Entry> entries;
  private final int initialType;
  private int streamIdMask;
  private int smrMaskMask;

  /**
   * Makes a map in which no stream is known.
   *
   * @param impl says what is written to an S2CR
   * @param disableBypass what becomes of unknown streams: {@code arm-smmu.disable_bypass}
   * @param faults makes allocations fail on purpose
   */
  ArmSmmuStreamMap(
      Mmio gr0,
      ArmSmmuFeatures.Streams features,
      ArmSmmuImpl impl,
      boolean disableBypass,
      FaultInjector faults) {
    this.gr0 = gr0;
    this.impl = impl;
    this.faults = faults;
    this.matching = features.matching();
    this.extended = features.extended();
    this.streamIdMask = features.idMask();
    this.initialType = disableBypass ? S2CR_TYPE_FAULT : S2CR_TYPE_BYPASS;
    ImmutableList.Builder<Entry> made = ImmutableList.builder();
    for (int i = 0; i < features.groups(); i++) {
      Entry entry = new Entry();
      entry.type = initialType;
      made.add(entry);
    }
    this.entries = made.build();
  }

  /**
   * Keeps the streams that the hardware matches already: a boot loader's, whose display is not to
   * go dark. They pass until a domain is attached; whoever has their ids takes the entries over.
   *
   * @param bank the CBNDX of the entries meanwhile
   */
  void adopt(int bank) {
    for (int i = 0; matching && i < entries.size(); i++) {
      int smr = gr0.read(SMR, i);
      if (SMR_VALID.isSet(smr)) {
        Entry entry = entries.get(i);
        entry.id = SMR_ID.get(smr);
        entry.mask = SMR_MASK.get(smr);
        entry.valid = true;
        entry.type = S2CR_TYPE_BYPASS;
        entry.bank = bank;
      }
    }
  }

  /** Writes every entry to the hardware. */
  void writeAll() {
    for (int i = 0; i < entries.size(); i++) {
      write(i);
    }
  }

  /**
   * Finds out which bits of ids and masks exist: those that can be read back. How many there can be
   * depends on EXIDENABLE, so that comes first. Kernel: {@code arm_smmu_test_smr_masks()}.
   */
  void testMasks() {
    int free = firstInvalid();
    if (!matching || free < 0) {
      return;
    }
    gr0.write(SMR, free, SMR_ID.of(streamIdMask));
    streamIdMask = SMR_ID.get(gr0.read(SMR, free));
    gr0.write(SMR, free, SMR_EXT_MASK.of(streamIdMask));
    smrMaskMask = SMR_EXT_MASK.get(gr0.read(SMR, free));
  }

  /**
   * Checks that the hardware can tell the streams of {@code id}.
   *
   * @throws ErrnoException EINVAL if the stream id or the mask has a bit that does not exist
   */
  void checkId(int id) throws ErrnoException {
    int sid = id & LOW_HALF;
    int mask = id >>> 16;
    if ((sid & ~streamIdMask) != 0) {
      throw EINVAL.because("stream ID 0x%x out of range for SMMU (0x%x)", sid, streamIdMask);
    }
    if ((mask & ~smrMaskMask) != 0) {
      throw EINVAL.because("SMR mask 0x%x out of range for SMMU (0x%x)", mask, smrMaskMask);
    }
  }

  /**
   * Takes an entry for the streams of {@code id}, an existing one if it covers them all. Kernel:
   * {@code arm_smmu_find_sme()}.
   *
   * @return its index
   * @throws ErrnoException EINVAL if an existing entry would match some of them; ENOSPC if all
   *     entries are taken
   */
  int take(int id) throws ErrnoException {
    int index = matching ? find(id & LOW_HALF, id >>> 16) : id & LOW_HALF;
    Entry entry = entries.get(index);
    if (entry.users++ == 0) {
      entry.id = id & LOW_HALF;
      entry.mask = id >>> 16;
      entry.valid = true;
    }
    return index;
  }

  private int find(int id, int mask) throws ErrnoException {
    int free = -1;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (!entry.valid) {
        free = free < 0 ? i : free;
        continue;
      }
      if ((mask & entry.mask) == mask && ((id ^ entry.id) & ~entry.mask) == 0) {
        return i;
      }
      // Not inside, but some stream would match both: the hardware could not tell which one is
      // meant.
      if (((id ^ entry.id) & ~(entry.mask | mask)) == 0) {
        throw EINVAL.because("stream 0x%x mask 0x%x overlaps entry %d", id, mask, i);
      }
    }
    if (free < 0 || faults.shouldFail(Site.STREAM_ENTRY)) {
      throw ENOSPC.because("all %d stream match registers are taken", entries.size());
    }
    return free;
  }

  /** Gives an entry back; with its last user it becomes what it was at first. */
  void release(int index) {
    Entry entry = entries.get(index);
    if (--entry.users > 0) {
      return;
    }
    entry.valid = false;
    entry.type = initialType;
    entry.bank = 0;
    entry.group = null;
    write(index);
  }

  /** The group whose devices are in an entry; null if nobody said yet. */
  @Nullable IommuGroup group(int index) {
    return entries.get(index).group;
  }

  void setGroup(int index, IommuGroup group) {
    entries.get(index).group = group;
  }

  /** Sends an entry's streams to a context bank. */
  void translate(int index, int bank) {
    install(index, S2CR_TYPE_TRANS, bank);
  }

  /** Bypasses translation for an entry's streams. */
  void bypass(int index) {
    install(index, S2CR_TYPE_BYPASS, 0);
  }

  /** Refuses an entry's streams. */
  void fault(int index) {
    install(index, S2CR_TYPE_FAULT, 0);
  }

  private void install(int index, int type, int bank) {
    Entry entry = entries.get(index);
    if (entry.type != type || entry.bank != bank) {
      entry.type = type;
      entry.bank = bank;
      writeS2cr(index, entry);
    }
  }

  /** Writes one entry to the hardware. Kernel: {@code arm_smmu_write_sme()}. */
  void write(int index) {
    Entry entry = entries.get(index);
    writeS2cr(index, entry);
    if (matching) {
      int smr = SMR_ID.of(entry.id) | SMR_EXT_MASK.of(entry.mask);
      gr0.write(SMR, index, entry.valid && !extended ? smr | SMR_VALID.mask() : smr);
    }
  }

  private void writeS2cr(int index, Entry entry) {
    int s2cr = impl.s2cr(entry.type, entry.bank);
    gr0.write(S2CR, index, entry.valid && extended ? s2cr | S2CR_EXIDVALID.mask() : s2cr);
  }

  private int firstInvalid() {
    for (int i = 0; i < entries.size(); i++) {
      if (!entries.get(i).valid) {
        return i;
      }
    }
    return -1;
  }
}
