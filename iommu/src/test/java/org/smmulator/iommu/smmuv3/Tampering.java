package org.smmulator.iommu.smmuv3;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Sits between the driver and the model, and changes what passes, as a test says. */
final class Tampering {
  /** Changes the two words of a command that is about to be given to the hardware. */
  interface CommandEdit {
    void edit(long[] words);
  }

  private final Dram dram;
  private final Map<Integer, Integer> answers = new HashMap<>();
  private final Map<Integer, Long> redirections = new HashMap<>();
  private final Map<Integer, IntConsumer> listeners = new HashMap<>();
  private @Nullable CommandEdit edit;

  Tampering(Dram dram) {
    this.dram = dram;
  }

  /** From now on the driver reads {@code value}, whatever the hardware has. */
  void answer(Reg32 register, int value) {
    answers.put(register.offset(), value);
  }

  /** From now on it reads what the hardware has. */
  void answerTruly(Reg32 register) {
    answers.remove(register.offset());
  }

  /** From now on {@code value} arrives instead of what the driver stores. */
  void store(Reg64 register, long value) {
    redirections.put(register.offset(), value);
  }

  /** From now on {@code listener} hears of each store before the hardware does. */
  void onStore(Reg32 register, IntConsumer listener) {
    listeners.put(register.offset(), listener);
  }

  /** From now on commands pass through {@code wanted}. */
  void commands(CommandEdit wanted) {
    edit = wanted;
  }

  MmioTarget with(MmioTarget model) {
    return new Registers(model);
  }

  private final class Registers implements MmioTarget {
    private final MmioTarget model;

    Registers(MmioTarget model) {
      this.model = model;
    }

    @Override
    public int read32(int offset) {
      Integer answer = answers.get(offset);
      return answer == null ? model.read32(offset) : answer;
    }

    @Override
    public long read64(int offset) {
      return model.read64(offset);
    }

    @Override
    public void write32(int offset, int value) {
      if (offset == SmmuV3Regs.CMDQ_PROD.offset() && edit != null) {
        editCommands(edit, model.read32(offset), value);
      }
      IntConsumer listener = listeners.get(offset);
      if (listener != null) {
        listener.accept(value);
      }
      model.write32(offset, value);
    }

    @Override
    public void write64(int offset, long value) {
      model.write64(offset, redirections.getOrDefault(offset, value));
    }

    private void editCommands(CommandEdit with, int from, int to) {
      long base = model.read64(SmmuV3Regs.CMDQ_BASE.offset());
      int log2 = (int) Queue.BASE_LOG2SIZE.get(base);
      for (int at = from; at != to; at = Queue.next(at, log2)) {
        long pa = (base & Queue.BASE_ADDR.mask()) + (long) Queue.index(at, log2) * Queue.CMD_BYTES;
        long[] words = {dram.getLong(pa), dram.getLong(pa + Long.BYTES)};
        with.edit(words);
        dram.putLong(pa, words[0]);
        dram.putLong(pa + Long.BYTES, words[1]);
      }
    }
  }
}
