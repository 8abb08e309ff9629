package org.smmulator.iommu.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Sits between a driver and its hardware: loses invalidations while it is told to, and tells of
 * each access.
 */
public final class Losses {
  private boolean losing;
  private boolean losingOfDevices;
  private @Nullable Runnable observer;

  /** From now on the hardware hears of no invalidation. */
  public void begin() {
    losing = true;
  }

  /** From now on devices that keep translations hear of no invalidation; their IOMMU does. */
  public void beginOfDevices() {
    losingOfDevices = true;
  }

  /**
   * From now on {@code wanted} runs before and after each access to the registers. A queue of
   * commands is then taken one at a time, and those that no CMD_SYNC keeps apart in the order that
   * is worst: the last first, as hardware may.
   */
  public void onAccess(Runnable wanted) {
    observer = wanted;
  }

  private void observe() {
    Runnable known = observer;
    if (known != null) {
      known.run();
    }
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
      observe();
      return model.read32(offset);
    }

    @Override
    public long read64(int offset) {
      observe();
      return model.read64(offset);
    }

    @Override
    public void write32(int offset, int value) {
      observe();
      if (!losing || !invalidates.test(offset)) {
        model.write32(offset, value);
      }
      observe();
    }

    @Override
    public void write64(int offset, long value) {
      observe();
      if (!losing || !invalidates.test(offset)) {
        model.write64(offset, value);
      }
      observe();
    }
  }

  /**
   * Turns invalidations into syncs, and commands round, before the hardware is told that they are
   * there.
   */
  private final class QueuedCommands implements MmioTarget {
    private final MmioTarget model;
    private final Dram dram;

    /** The driver's PROD, which the hardware's follows. */
    private int target;

    QueuedCommands(MmioTarget model, Dram dram) {
      this.model = model;
      this.dram = dram;
    }

    @Override
    public int read32(int offset) {
      observe();
      if (observer != null && offset == SmmuV3Regs.CMDQ_CONS.offset()) {
        step();
      }
      return model.read32(offset);
    }

    @Override
    public long read64(int offset) {
      observe();
      return model.read64(offset);
    }

    @Override
    public void write32(int offset, int value) {
      if ((losing || losingOfDevices) && offset == SmmuV3Regs.CMDQ_PROD.offset()) {
        spoil(model.read64(SmmuV3Regs.CMDQ_BASE.offset()), model.read32(offset), value);
      }
      observe();
      if (observer != null && offset == SmmuV3Regs.CMDQ_PROD.offset()) {
        turnRound(target, value);
        target = value;
        step();
      } else {
        target = offset == SmmuV3Regs.CMDQ_PROD.offset() ? value : target;
        model.write32(offset, value);
      }
      observe();
    }

    @Override
    public void write64(int offset, long value) {
      observe();
      model.write64(offset, value);
      observe();
    }

    /**
     * Gives the hardware one more command once it has taken the last one. Nobody looks whether
     * commands are done that no CMD_SYNC ends, so it gets those all.
     */
    private void step() {
      int prod = SmmuV3Regs.CMDQ_PROD.offset();
      long base = base();
      int log2 = (int) Queue.BASE_LOG2SIZE.get(base);
      int given = model.read32(prod);
      int last = (target - 1) & Queue.counter(log2);
      if (given == target) {
        return;
      }
      if (opcode(entryPa(base, last, log2)) != Cmd.SYNC) {
        model.write32(prod, target);
        return;
      }
      int taken = model.read32(SmmuV3Regs.CMDQ_CONS.offset()) & Queue.counter(log2);
      if (taken == given) {
        model.write32(prod, Queue.next(given, log2));
        observe();
      }
    }

    private void turnRound(int from, int to) {
      long base = base();
      int log2 = (int) Queue.BASE_LOG2SIZE.get(base);
      List<Long> apart = new ArrayList<>();
      for (int at = from; at != to; at = Queue.next(at, log2)) {
        long pa = entryPa(base, at, log2);
        if (opcode(pa) == Cmd.SYNC) {
          reverse(apart);
        } else {
          apart.add(pa);
        }
      }
      reverse(apart);
    }

    private long base() {
      return model.read64(SmmuV3Regs.CMDQ_BASE.offset());
    }

    private int opcode(long pa) {
      return (int) Cmd.OPCODE.get(dram.getLong(pa));
    }

    /** Turns the commands at these addresses round, and empties the list. */
    private void reverse(List<Long> pas) {
      for (int i = 0; i < pas.size() / 2; i++) {
        long one = pas.get(i);
        long other = pas.get(pas.size() - 1 - i);
        for (int word = 0; word < Queue.CMD_BYTES; word += Long.BYTES) {
          long kept = dram.getLong(one + word);
          dram.putLong(one + word, dram.getLong(other + word));
          dram.putLong(other + word, kept);
        }
      }
      pas.clear();
    }

    private static long entryPa(long base, int at, int log2) {
      return (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(at, log2) * Queue.CMD_BYTES;
    }

    private void spoil(long base, int from, int to) {
      int log2 = (int) Queue.BASE_LOG2SIZE.get(base);
      for (int at = from; at != to; at = Queue.next(at, log2)) {
        long pa = entryPa(base, at, log2);
        int opcode = opcode(pa);
        boolean ofSmmu = opcode >= Cmd.TLBI_NH_ALL && opcode <= Cmd.TLBI_NSNH_ALL;
        if ((losing && ofSmmu) || opcode == Cmd.ATC_INV) {
          dram.putLong(pa, Cmd.OPCODE.of(Cmd.SYNC));
          dram.putLong(pa + Long.BYTES, 0);
        }
      }
    }
  }
}
