package org.smmulator.drm.msm.adreno;

import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.hw.reg.Reg;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Condition;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemSubmitCmd;

/** Writes packets into a ring, in the order of the real driver. Kernel: {@code a6xx_submit()}. */
public final class A6xxPackets {
  /** REG_TO_MEM of a 64-bit counter: two dwords, as one value. */
  private static final int REG_TO_MEM_64 = 2 << 18 | 1 << 30;

  /** The scratch register that says which submit runs. */
  private static final int SCRATCH_SEQNO = 2;

  private static final int WHERE_AM_I_EVERY = 32;
  private static final int FIXED_DWORDS = 96;
  private static final int COMMAND_DWORDS = 4;
  private static final int WHERE_AM_I_DWORDS = 3;

  /** The most commands of a submit for which {@link #submitDwords} fits into the ring. */
  static final int MAX_COMMANDS =
      (MsmRingbuffer.CAPACITY_DWORDS - FIXED_DWORDS)
          * WHERE_AM_I_EVERY
          / (COMMAND_DWORDS * WHERE_AM_I_EVERY + WHERE_AM_I_DWORDS);

  private final MsmRingbuffer ring;
  private final long shadowIova;

  /**
   * Makes a writer.
   *
   * @param shadowIova the address at which the command processor stores its read pointer
   */
  public A6xxPackets(MsmRingbuffer ring, long shadowIova) {
    this.ring = ring;
    this.shadowIova = shadowIova;
  }

  /** The most dwords that {@link #submit} writes. */
  static int submitDwords(MsmSubmit submit) {
    int commands = submit.cmds().size();
    return FIXED_DWORDS
        + COMMAND_DWORDS * commands
        + WHERE_AM_I_DWORDS * (commands / WHERE_AM_I_EVERY);
  }

  /** Initialises the microcode with ME_INIT. Kernel: {@code a6xx_cp_init()}. */
  public void meInit() {
    packet(Pm4Opcode.ME_INIT, 8);
    ring.out(0x2f);
    ring.out(0x3); // multiple contexts
    ring.out(0x20000000); // error detection
    for (int i = 0; i < 5; i++) {
      ring.out(0);
    }
  }

  /**
   * Writes all of a submit.
   *
   * @param keepCounters whether the switch to another pagetable must leave the counters alone
   */
  public void submit(MsmSubmit submit, boolean keepCounters) {
    int stats = MsmRbmemptrs.stats(submit.seqno());
    boolean switched = setPagetable(submit, keepCounters);
    counterToMemory(A6xx.RBBM_PERFCTR_CP_0, stats + MsmRbmemptrs.CPCYCLES_START);
    counterToMemory(A6xx.CP_ALWAYS_ON_COUNTER, stats + MsmRbmemptrs.ALWAYSON_START);

    event(Pm4Event.PC_CCU_INVALIDATE_DEPTH);
    event(Pm4Event.PC_CCU_INVALIDATE_COLOR);
    commands(submit, switched);

    counterToMemory(A6xx.RBBM_PERFCTR_CP_0, stats + MsmRbmemptrs.CPCYCLES_END);
    counterToMemory(A6xx.CP_ALWAYS_ON_COUNTER, stats + MsmRbmemptrs.ALWAYSON_END);
    ring.out(Pm4.writeRegisters(A6xx.index(A6xx.CP_SCRATCH) + SCRATCH_SEQNO, 1));
    ring.out(submit.seqno());

    packet(Pm4Opcode.EVENT_WRITE, 4);
    ring.out(Pm4Event.CACHE_FLUSH_TS | Pm4Event.IRQ);
    ring.out64(ring.memptr(MsmRbmemptrs.FENCE));
    ring.out(submit.seqno());
  }

  /** Stores the read pointer to memory, so that the driver knows the room in the ring. */
  public void whereAmI() {
    packet(Pm4Opcode.WHERE_AM_I, 2);
    ring.out64(shadowIova);
  }

  /** Returns whether the ring's last commands were another context's. */
  private boolean setPagetable(MsmSubmit submit, boolean keepCounters) {
    int context = submit.context().seqno();
    boolean switched = context != ring.currentContextSeqno();
    if (switched && submit.vm().isPerProcess()) {
      if (!keepCounters) {
        startClearingCounters();
      }
      switchTable(submit.vm().mmu().pagetableBase(), context);
      event(Pm4Event.CACHE_INVALIDATE);
      if (!keepCounters) {
        awaitClearedCounters();
      }
    }
    return switched;
  }

  /** Clears the performance counters, so that no client can watch another. */
  private void startClearingCounters() {
    protectedMode(0);
    ring.out(Pm4.writeRegisters(A6xx.index(A6xx.RBBM_PERFCTR_SRAM_INIT_CMD), 1));
    ring.out(1);
  }

  private void awaitClearedCounters() {
    packet(Pm4Opcode.WAIT_REG_MEM, 6);
    ring.out(Pm4Condition.EQUAL);
    ring.out(A6xx.index(A6xx.RBBM_PERFCTR_SRAM_INIT_STATUS));
    ring.out(0);
    ring.out(1); // reference
    ring.out(1); // mask
    ring.out(0); // delay
    protectedMode(1);
  }

  /** The ASID is always 0, the same as that of the upper half. */
  private void switchTable(long ttbr0, int context) {
    packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4);
    ring.out64(ttbr0);
    ring.out(0); // CONTEXTIDR
    ring.out(0); // context bank

    // For whoever reads a dump: whose table the ring is in.
    packet(Pm4Opcode.MEM_WRITE, 5);
    ring.out64(ring.memptr(MsmRbmemptrs.TTBR0));
    ring.out64(ttbr0);
    ring.out(context);
  }

  private void commands(MsmSubmit submit, boolean switched) {
    int buffers = 0;
    for (MsmSubmit.Cmd cmd : submit.cmds()) {
      boolean runs =
          cmd.type() == GemSubmitCmd.BUF
              || (cmd.type() == GemSubmitCmd.CTX_RESTORE_BUF && switched);
      if (runs) {
        packet(Pm4Opcode.INDIRECT_BUFFER, 3);
        ring.out64(cmd.iova());
        ring.out(cmd.sizeDwords());
        buffers++;
      }
      if (runs && buffers % WHERE_AM_I_EVERY == 0) {
        whereAmI();
      }
    }
  }

  private void protectedMode(int on) {
    packet(Pm4Opcode.SET_PROTECTED_MODE, 1);
    ring.out(on);
  }

  private void event(int event) {
    packet(Pm4Opcode.EVENT_WRITE, 1);
    ring.out(event);
  }

  private void counterToMemory(Reg counter, int memptr) {
    packet(Pm4Opcode.REG_TO_MEM, 3);
    ring.out(A6xx.index(counter) | REG_TO_MEM_64);
    ring.out64(ring.memptr(memptr));
  }

  private void packet(int opcode, int dwords) {
    ring.out(Pm4.packet(opcode, dwords));
  }
}
