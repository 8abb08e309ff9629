package org.smmulator.drm.msm.adreno;

import org.smmulator.drm.msm.MsmRbmemptrs;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.drm.msm.MsmSubmit;
import org.smmulator.hw.reg.Reg;
import org.smmulator.regs.adreno.A3xx;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.uapi.msm.GemSubmitCmd;

/**
 * Writes packets of an A3xx into a ring. Kernel: {@code a3xx_submit()}.
 *
 * <p>Linux has all files of an A3xx share one table. The switch is that of Qualcomm's own kernels,
 * {@code _adreno_iommu_set_pt_v2_a3xx()}: the ring writes TTBR0 and CONTEXTIDR of the GPU's context
 * bank, invalidates the bank's TLB and waits for it, all by registers; then it invalidates UCHE.
 * Left out of it: the handshake that holds up the GPU's bus meanwhile, since here no other packet
 * runs.
 */
final class A3xxPackets {
  /** The scratch register that says which submit runs. */
  private static final int SCRATCH_SEQNO = 2;

  private static final int FIXED_DWORDS = 64;
  private static final int COMMAND_DWORDS = 4;

  /** Invalidates everything, as Qualcomm's kernels write it. */
  private static final int INVALIDATE_ALL = 0x9000_0000;

  private static final int POLL_INTERVAL = 0xf;

  /** The most commands of a submit for which {@link #submitDwords} fits into the ring. */
  static final int MAX_COMMANDS = (MsmRingbuffer.CAPACITY_DWORDS - FIXED_DWORDS) / COMMAND_DWORDS;

  private static final int[] ME_INIT = {
    0x3f7, 0, 0, 0, 0x80, 0x100, 0x180, 0x6600, 0x150, 0x14e, 0x154, 1, 0, 0, 0, 0, 0
  };

  private final MsmRingbuffer ring;
  private final int bankWindow;

  /**
   * Makes a writer.
   *
   * @param bankWindow where the ring finds the registers of the context bank, in bytes
   */
  A3xxPackets(MsmRingbuffer ring, int bankWindow) {
    this.ring = ring;
    this.bankWindow = bankWindow;
  }

  /** The most dwords that {@link #submit} writes. */
  static int submitDwords(MsmSubmit submit) {
    return FIXED_DWORDS + COMMAND_DWORDS * submit.cmds().size();
  }

  /** Initialises the microcode with ME_INIT. Kernel: {@code a3xx_me_init()}. */
  void meInit() {
    packet(Pm4Opcode.ME_INIT, ME_INIT);
  }

  /** Writes all of a submit. */
  void submit(MsmSubmit submit) {
    boolean switched = submit.context().seqno() != ring.currentContextSeqno();
    if (AdrenoMsmGpu.switches(submit)) {
      switchTable(submit.vm().mmu().ttbr0());
    }
    for (MsmSubmit.Cmd cmd : submit.cmds()) {
      boolean runs =
          cmd.type() == GemSubmitCmd.BUF
              || (cmd.type() == GemSubmitCmd.CTX_RESTORE_BUF && switched);
      if (runs) {
        packet(Pm4Opcode.INDIRECT_BUFFER_PFD, (int) cmd.iova(), cmd.sizeDwords());
        ring.out(Pm4Type3.nothing());
      }
    }
    writeRegisters(A3xx.index(A3xx.CP_SCRATCH) + SCRATCH_SEQNO, submit.seqno());
    packet(Pm4Opcode.EVENT_WRITE, Pm4Event.HLSQ_FLUSH);
    packet(Pm4Opcode.WAIT_FOR_IDLE, 0);
    packet(
        Pm4Opcode.EVENT_WRITE,
        Pm4Event.CACHE_FLUSH_TS | Pm4Event.IRQ,
        (int) ring.memptr(MsmRbmemptrs.FENCE),
        submit.seqno());
  }

  private void switchTable(long ttbr0) {
    packet(Pm4Opcode.SET_PROTECTED_MODE, 0);
    packet(Pm4Opcode.WAIT_FOR_IDLE, 0);
    packet(Pm4Opcode.WAIT_FOR_ME, 0);
    packet(Pm4Opcode.REG_WR_NO_CTXT, bank(Cb.TTBR0), (int) ttbr0, (int) (ttbr0 >>> 32));
    packet(Pm4Opcode.REG_WR_NO_CTXT, bank(Cb.CONTEXTIDR), 0);
    packet(Pm4Opcode.REG_WR_NO_CTXT, bank(Cb.TLBIALL), 1);
    packet(Pm4Opcode.REG_WR_NO_CTXT, bank(Cb.TLBSYNC), 0);
    packet(
        Pm4Opcode.WAIT_REG_EQ, bank(Cb.TLBSTATUS), 0, Cb.TLBSTATUS_SACTIVE.mask(), POLL_INTERVAL);
    packet(Pm4Opcode.WAIT_FOR_ME, 0);
    packet(Pm4Opcode.WAIT_FOR_IDLE, 0);
    writeRegisters(A3xx.index(A3xx.UCHE_CACHE_INVALIDATE0), 0, INVALIDATE_ALL);
    packet(Pm4Opcode.SET_PROTECTED_MODE, 1);
  }

  private int bank(Reg register) {
    return (bankWindow + register.offset()) >>> 2;
  }

  private void writeRegisters(int first, int... values) {
    ring.out(Pm4Type3.writeRegisters(first, values.length));
    for (int value : values) {
      ring.out(value);
    }
  }

  private void packet(int opcode, int... payload) {
    ring.out(Pm4Type3.packet(opcode, payload.length));
    for (int dword : payload) {
      ring.out(dword);
    }
  }
}
