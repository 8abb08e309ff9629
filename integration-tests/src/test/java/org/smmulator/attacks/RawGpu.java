package org.smmulator.attacks;

import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.userspace.Client;

/** A client of the GPU with a buffer of commands and a buffer of data, each of 64 KiB, mapped. */
public final class RawGpu {
  static final long BUFFER_BYTES = 64 << 10;
  private static final int SUBMITS = 64;
  private static final int SUBMIT_BYTES = (int) BUFFER_BYTES / SUBMITS;
  private static final long LONG_NS = 1_000_000_000_000L;

  public final RawMsm msm;
  final int commands;
  final int data;

  /** The address of the data. */
  public final long iova;

  private final long commandsVa;
  private final long va;
  private int submits;

  public RawGpu(Client client) throws ErrnoException {
    msm = new RawMsm(client, client.open(RawMsm.NODE));
    commands = msm.gemNew(BUFFER_BYTES, GemNew.WC);
    commandsVa = msm.mmap(commands, BUFFER_BYTES);
    data = msm.gemNew(BUFFER_BYTES, GemNew.WC);
    iova = msm.iova(data);
    va = msm.mmap(data, BUFFER_BYTES);
  }

  public int load(int offset) {
    return msm.client.load32(va + offset);
  }

  public void store(int offset, int value) {
    msm.client.store32(va + offset, value);
  }

  /** Submits {@code dwords}, which the next 63 submits leave alone, and returns the fence. */
  public int submit(int... dwords) throws ErrnoException {
    int offset = submits++ % SUBMITS * SUBMIT_BYTES;
    for (int i = 0; i < dwords.length; i++) {
      msm.client.store32(commandsVa + offset + 4L * i, dwords[i]);
    }
    int bytes = 4 * dwords.length;
    return msm.submit(
        0, bos(), List.of(new GemSubmitCmd(GemSubmitCmd.BUF, 0, offset, bytes, 0, 0, 0)));
  }

  List<GemSubmitBo> bos() {
    return List.of(
        new GemSubmitBo(GemSubmitBo.READ, commands, 0),
        new GemSubmitBo(RawMsm.READ_WRITE, data, 0));
  }

  /** Submits and waits until it is done. */
  public void run(int... dwords) throws ErrnoException {
    msm.await(0, submit(dwords), LONG_NS);
  }

  /** Commands that write a dword. */
  public static int[] write(long iova, int value) {
    return new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 3), lo(iova), hi(iova), value};
  }

  static int lo(long address) {
    return (int) address;
  }

  static int hi(long address) {
    return (int) (address >>> 32);
  }
}
