package org.smmulator.iommu.contract;

import java.util.function.IntPredicate;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Sits between a driver and its hardware, and loses invalidations while it is told to. */
public final class Losses {
  private boolean losing;
  private boolean losingOfDevices;

  /** From now on the hardware hears of no invalidation. */
  public void begin() {
    losing = true;
  }

  /** From now on devices that keep translations hear of no invalidation; their IOMMU does. */
  public void beginOfDevices() {
    losingOfDevices = true;
  }

  /** From now on it hears of all of them. */
  public void end() {
    losing = false;
    losingOfDevices = false;
  }

  /**
   * The registers of a model, as its driver sees them.
   *
   * @param invalidates says of an offset whether a store there is an invalidation
   */
  public MmioTarget around(MmioTarget model, IntPredicate invalidates) {
    return new Registers(model, invalidates);
  }

  /** The registers of an SMMUv3, whose invalidations are commands in a queue in {@code dram}. */
  public MmioTarget aroundQueue(MmioTarget model, Dram dram) {
    return new QueuedCommands(model, dram);
  }

  private final class Registers implements MmioTarget {
    private final MmioTarget model;
    private final IntPredicate invalidates;

    Registers(MmioTarget model, IntPredicate invalidates) {
      this.model = model;
      this.invalidates = invalidates;
    }

    @Override
    public int read32(int offset) {
      return model.read32(offset);
    }

    @Override
    public long read64(int offset) {
      return model.read64(offset);
    }

    @Override
    public void write32(int offset, int value) {
      if (!losing || !invalidates.test(offset)) {
        model.write32(offset, value);
      }
    }

    @Override
    public void write64(int offset, long value) {
      if (!losing || !invalidates.test(offset)) {
        model.write64(offset, value);
      }
    }
  }

  /** Turns invalidations into syncs before the hardware is told that they are there. */
  private final class QueuedCommands implements MmioTarget {
    private final MmioTarget model;
    private final Dram dram;

    QueuedCommands(MmioTarget model, Dram dram) {
      this.model = model;
      this.dram = dram;
    }

    @Override
    public int read32(int offset) {
      return model.read32(offset);
    }

    @Override
    public long read64(int offset) {
      return model.read64(offset);
    }

    @Override
    public void write32(int offset, int value) {
      if ((losing || losingOfDevices) && offset == SmmuV3Regs.CMDQ_PROD.offset()) {
        spoil(model.read64(SmmuV3Regs.CMDQ_BASE.offset()), model.read32(offset), value);
      }
      model.write32(offset, value);
    }

    @Override
    public void write64(int offset, long value) {
      model.write64(offset, value);
    }

    private void spoil(long base, int from, int to) {
      int log2 = (int) Queue.BASE_LOG2SIZE.get(base);
      for (int at = from; at != to; at = Queue.next(at, log2)) {
        long pa = (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(at, log2) * Queue.CMD_BYTES;
        int opcode = (int) Cmd.OPCODE.get(dram.getLong(pa));
        boolean ofSmmu = opcode >= Cmd.TLBI_NH_ALL && opcode <= Cmd.TLBI_NSNH_ALL;
        if ((losing && ofSmmu) || opcode == Cmd.ATC_INV) {
          dram.putLong(pa, Cmd.OPCODE.of(Cmd.SYNC));
          dram.putLong(pa + Long.BYTES, 0);
        }
      }
    }
  }
}
