package org.smmulator.drm.msm.adreno;

import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.regs.adreno.A5xx;
import org.smmulator.regs.adreno.A5xxSmmuInfo;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemSubmitCmd;

/**
 * Writes packets of an A5xx into a ring. Kernel: {@code a5xx_submit()}.
 *
 * <p>The switch of pagetables is what Crouse's patches for A5xx of 2018 have, which were not
 * merged: CP_SMMU_TABLE_UPDATE with three dwords, between CP_CNTL's APRIV on and off.
 */
final class A5xxPackets {
  /** The scratch register that says which submit runs. */
  private static final int SCRATCH_SEQNO = 2;

  private static final int WHERE_AM_I_EVERY = 32;
  private static final int FIXED_DWORDS = 112;
  private static final int COMMAND_DWORDS = 4;
  private static final int WHERE_AM_I_DWORDS = 3;

  /** A draw state group of no commands that stands for all groups: they are disabled. */
  private static final int DISABLE_ALL_GROUPS = 0x40000;

  /** The most commands of a submit for which {@link #submitDwords} fits into the ring. */
  static final int MAX_COMMANDS =
      (MsmRingbuffer.CAPACITY_DWORDS - FIXED_DWORDS)
          * WHERE_AM_I_EVERY
          / (COMMAND_DWORDS * WHERE_AM_I_EVERY + WHERE_AM_I_DWORDS);

  private final MsmRingbuffer ring;
  private final long shadowIova;
  private final long recordIova;
  private final long tableIova;

  /**
   * Makes the packets of one ring.
   *
   * @param recordIova where the ring is saved when it is preempted
   * @param tableIova where it notes its pagetable
   */
  A5xxPackets(MsmRingbuffer ring, long shadowIova, long recordIova, long tableIova) {
    this.ring = ring;
    this.shadowIova = shadowIova;
    this.recordIova = recordIova;
    this.tableIova = tableIova;
  }

  /** The most dwords that {@link #submit} writes. */
  static int submitDwords(MsmSubmit submit) {
    int commands = submit.cmds().size();
    return FIXED_DWORDS
        + COMMAND_DWORDS * commands
        + WHERE_AM_I_DWORDS * (commands / WHERE_AM_I_EVERY);
  }

  /** Initialises the microcode with ME_INIT. Kernel: {@code a5xx_me_init()}. */
  void meInit() {
    packet(Pm4Opcode.ME_INIT, 8);
    ring.out(0x2f);
    ring.out(0x3); // multiple contexts
    ring.out(0x20000000); // error detection
    ring.out(0);
    ring.out(0);
    ring.out(0xb); // an A530's workaround: wait after each draw
    ring.out(0);
    ring.out(0);
  }

  /** Writes all of a submit. */
  void submit(MsmSubmit submit) {
    boolean switched = submit.context().seqno() != ring.currentContextSeqno();
    if (AdrenoMsmGpu.switches(submit)) {
      switchTable(submit);
    }
    one(Pm4Opcode.PREEMPT_ENABLE_GLOBAL, 0x02);
    saveTo();
    one(Pm4Opcode.PREEMPT_ENABLE_LOCAL, 0);
    one(Pm4Opcode.PREEMPT_ENABLE, 0x02); // YIELD_ENABLE: an IB2 may yield
    commands(submit, switched);

    packet(Pm4Opcode.SET_RENDER_MODE, 5);
    for (int i = 0; i < 5; i++) {
      ring.out(0);
    }
    one(Pm4Opcode.PREEMPT_ENABLE, 0x01);
    ring.out(Pm4.writeRegisters(A5xx.index(A5xx.CP_SCRATCH) + SCRATCH_SEQNO, 1));
    ring.out(submit.seqno());

    packet(Pm4Opcode.EVENT_WRITE, 4);
    ring.out(Pm4Event.CACHE_FLUSH_TS | Pm4Event.IRQ);
    ring.out64(ring.memptr(MsmRbmemptrs.FENCE));
    ring.out(submit.seqno());

    yieldRing();
  }

  /** Lets another ring run from now on. Kernel: {@code a5xx_preempt_start()}. */
  void startPreemption() {
    saveTo();
    one(Pm4Opcode.PREEMPT_ENABLE_GLOBAL, 0);
    one(Pm4Opcode.PREEMPT_ENABLE_LOCAL, 1);
    one(Pm4Opcode.PREEMPT_ENABLE, 1);
    yieldRing();
  }

  private void saveTo() {
    one(Pm4Opcode.SET_PROTECTED_MODE, 0);
    ring.out(Pm4.writeRegisters(A5xx.index(A5xx.CP_CONTEXT_SWITCH_SAVE_ADDR), 2));
    ring.out64(recordIova);
    one(Pm4Opcode.SET_PROTECTED_MODE, 1);
  }

  private void yieldRing() {
    packet(Pm4Opcode.CONTEXT_SWITCH_YIELD, 4);
    ring.out64(0); // nothing is written when it has yielded
    ring.out(1);
    ring.out(1); // an interrupt when another ring runs
  }

  /** Stores the read pointer to memory, so that the driver knows the room in the ring. */
  void whereAmI() {
    packet(Pm4Opcode.WHERE_AM_I, 2);
    ring.out64(shadowIova);
  }

  private void switchTable(MsmSubmit submit) {
    long ttbr0 = submit.vm().mmu().ttbr0();
    one(Pm4Opcode.SET_PROTECTED_MODE, 0);
    ring.out(Pm4.writeRegisters(A5xx.index(A5xx.CP_CNTL), 1));
    ring.out(1); // APRIV
    packet(Pm4Opcode.WAIT_FOR_ME, 0);
    packet(Pm4Opcode.SMMU_TABLE_UPDATE, 3);
    ring.out64(ttbr0);
    ring.out(0); // CONTEXTIDR

    // For when the ring comes back after a preemption. Not in the memptrs, which clients reach.
    packet(Pm4Opcode.MEM_WRITE, 8);
    ring.out64(tableIova);
    ring.out(A5xxSmmuInfo.MAGIC_VALUE);
    ring.out(0);
    ring.out64(ttbr0);
    ring.out(0); // ASID
    ring.out(0); // CONTEXTIDR

    // For whoever reads a dump: whose table the ring is in.
    packet(Pm4Opcode.MEM_WRITE, 4);
    ring.out64(ring.memptr(MsmRbmemptrs.TTBR0));
    ring.out64(ttbr0);

    packet(Pm4Opcode.SET_DRAW_STATE, 3);
    ring.out(DISABLE_ALL_GROUPS);
    ring.out(1);
    ring.out(0);
    ring.out(Pm4.writeRegisters(A5xx.index(A5xx.CP_CNTL), 1));
    ring.out(0);
    one(Pm4Opcode.SET_PROTECTED_MODE, 1);
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

  private void one(int opcode, int dword) {
    packet(opcode, 1);
    ring.out(dword);
  }

  private void packet(int opcode, int dwords) {
    ring.out(Pm4.packet(opcode, dwords));
  }
}
