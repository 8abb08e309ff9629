package org.smmulator.mutants;

import com.google.common.primitives.ImmutableIntArray;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * An SMMUv3 that never sees some commands: on their way they become a prefetch, which does nothing.
 */
final class LossyCommands implements Interposer {
  private final ImmutableIntArray opcodes;

  /** The memory that has the queues; null until the machine has booted, and nothing is lost. */
  private @Nullable Dram dram;

  private LossyCommands(ImmutableIntArray opcodes) {
    this.opcodes = opcodes;
  }

  /** Boots a machine that loses commands of these opcodes from then on. */
  static Machine boot(MachineBuilder builder, int... opcodes) throws BadInputException {
    LossyCommands lossy = new LossyCommands(ImmutableIntArray.copyOf(opcodes));
    Machine machine = builder.interpose(lossy).boot();
    lossy.dram = machine.dram();
    return machine;
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
      Dram memory = dram;
      for (; prod != next && memory != null; prod = Queue.next(prod, log2)) {
        long at =
            (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(prod, log2) * Queue.CMD_BYTES;
        if (opcodes.contains(Cmd.OPCODE.getInt(memory.getLong(at)))) {
          memory.putLong(at, Cmd.PREFETCH_CFG);
          memory.putLong(at + Long.BYTES, 0);
        }
      }
      prod = next;
    }
  }
}
