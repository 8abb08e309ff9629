package org.smmulator.mutants;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.kernel.KernelModule;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.trace.Dmesg;

/**
 * An SMMUv3 that never sees some commands: on their way they become a prefetch, which does nothing.
 */
final class LossyCommands implements Interposer {
  /** Tells where memory is; else it is the kernel as it stands. */
  private static final class Kernel extends KernelModule {
    private @Nullable Dram dram;

    @Override
    protected IoPgtables pgtables(Dram memory, PageAllocator pages, Dmesg dmesg) {
      dram = memory;
      return super.pgtables(memory, pages, dmesg);
    }
  }

  private final ImmutableIntArray opcodes;
  private final Kernel kernel = new Kernel();

  private LossyCommands(ImmutableIntArray opcodes) {
    this.opcodes = opcodes;
  }

  static MachineBuilder plant(MachineBuilder machine, int... opcodes) {
    LossyCommands lossy = new LossyCommands(ImmutableIntArray.copyOf(opcodes));
    return machine.kernel(lossy.kernel).interpose(lossy);
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    return device.compatible().contains("arm,smmu-v3") ? new Wire(registers) : registers;
  }

  private final class Wire implements MmioTarget {
    private final MmioTarget behind;
    private long base;
    private int prod;

    Wire(MmioTarget behind) {
      this.behind = behind;
    }

    @Override
    public int read32(int offset) {
      return behind.read32(offset);
    }

    @Override
    public long read64(int offset) {
      return behind.read64(offset);
    }

    @Override
    public void write64(int offset, long value) {
      if (offset == SmmuV3Regs.CMDQ_BASE.offset()) {
        base = value;
      }
      behind.write64(offset, value);
    }

    @Override
    public void write32(int offset, int value) {
      if (offset == SmmuV3Regs.CMDQ_PROD.offset()) {
        loseBefore(value);
      }
      behind.write32(offset, value);
    }

    private void loseBefore(int next) {
      int log2 = Queue.BASE_LOG2SIZE.getInt(base);
      Dram dram = kernel.dram;
      for (; prod != next && dram != null; prod = Queue.next(prod, log2)) {
        long at =
            (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(prod, log2) * Queue.CMD_BYTES;
        if (opcodes.contains(Cmd.OPCODE.getInt(dram.getLong(at)))) {
          dram.putLong(at, Cmd.PREFETCH_CFG);
          dram.putLong(at + Long.BYTES, 0);
        }
      }
      prod = next;
    }
  }
}
