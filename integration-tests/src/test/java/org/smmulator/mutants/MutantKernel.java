package org.smmulator.mutants;

import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.kernel.MsmModule;

/** A kernel whose task pagetables are not what they should be. */
final class MutantKernel extends MsmModule {
  /** Makes a wrong table of a right one. */
  private interface Spoiler {
    TaskPagetable spoil(TaskPagetable sound, Dram dram);
  }

  private final Spoiler spoiler;

  private MutantKernel(Spoiler spoiler) {
    this.spoiler = spoiler;
  }

  /** Every second page that is mapped gets AP[2] flipped in its leaf. */
  static MutantKernel flippingPteBits() {
    return new MutantKernel(FlippedBit::new);
  }

  /** Freeing a table does nothing. */
  static MutantKernel keepingTables() {
    return new MutantKernel((sound, dram) -> new Kept(sound));
  }

  @Override
  protected TaskBinder taskBinder(IommuServices services, KernelConfig config) {
    TaskBinder sound = super.taskBinder(services, config);
    return (device, task) -> spoiler.spoil(sound.bind(device, task), services.kernel().dram());
  }

  /** A table that is like another; a mutant overrides what it does wrong. */
  private abstract static class Spoilt implements TaskPagetable {
    final TaskPagetable sound;

    Spoilt(TaskPagetable sound) {
      this.sound = sound;
    }

    @Override
    public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
      sound.map(iova, pa, sizeBytes, prot);
    }

    @Override
    public long unmap(long iova, long sizeBytes) {
      return sound.unmap(iova, sizeBytes);
    }

    @Override
    public long base() {
      return sound.base();
    }

    @Override
    public int pasid() {
      return sound.pasid();
    }

    @Override
    public long iovaToPhys(long iova) {
      return sound.iovaToPhys(iova);
    }

    @Override
    public PgtableWalk explain(long iova) {
      return sound.explain(iova);
    }

    @Override
    public void forEachLeaf(LeafVisitor visitor) {
      sound.forEachLeaf(visitor);
    }

    @Override
    public void free() {
      sound.free();
    }
  }

  private static final class Kept extends Spoilt {
    Kept(TaskPagetable sound) {
      super(sound);
    }

    @Override
    public void free() {}
  }

  private static final class FlippedBit extends Spoilt {
    private static final long AP2 = 1L << 7;
    private static final long PAGE = 4096;
    private static final long OUTPUT_ADDRESS = 0x0000_ffff_ffff_f000L;

    private final Dram dram;

    FlippedBit(TaskPagetable sound, Dram dram) {
      super(sound);
      this.dram = dram;
    }

    @Override
    public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
      sound.map(iova, pa, sizeBytes, prot);
      for (long page = iova; page < iova + sizeBytes; page += PAGE) {
        if ((page / PAGE) % 2 == 1) {
          long leaf = leaf(page);
          dram.putLong(leaf, dram.getLong(leaf) ^ AP2);
        }
      }
    }

    /** Walks to the level 3 descriptor of {@code iova}: four levels of nine bits. */
    private long leaf(long iova) {
      long table = base() & OUTPUT_ADDRESS;
      for (int shift = 39; shift > 12; shift -= 9) {
        table = dram.getLong(table + index(iova, shift)) & OUTPUT_ADDRESS;
      }
      return table + index(iova, 12);
    }

    private static long index(long iova, int shift) {
      return ((iova >>> shift) & 511) * Long.BYTES;
    }
  }
}
