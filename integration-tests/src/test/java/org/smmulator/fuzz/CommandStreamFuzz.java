package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.smmulator.attacks.Bystander;
import org.smmulator.attacks.RawGpu;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/**
 * The input is what a client has the command processor execute, dword by dword. Whatever it is,
 * another client's memory is not touched and its next job is done.
 */
final class CommandStreamFuzz {
  private static final int MAX_DWORDS = 240;

  /** The upper half of every client begins with the ring's memptrs: read pointer, fence. */
  private static final long MEMPTRS = 0x1_0000_0000_0000L;

  private static final int FENCE_END = 8;
  private static final int STORE_BYTES = 8;

  /** More than this a MEMCPY of a program does not copy, lest most time goes into hangs. */
  private static final int MAX_COPY_DWORDS = 0xffff;

  private static final int MEMCPY = Pm4.packet(Pm4Opcode.MEMCPY, 5);

  private CommandStreamFuzz() {}

  /**
   * Counts the stores into the fence. An A630 cannot keep a client from them, and a fence that a
   * client forged tells another that its job is done.
   */
  private static final class FenceStores implements Interposer {
    int count;

    @Override
    public Translator translator(DtNode iommu, Translator translator) {
      return (streamId, substreamId, iova, access) -> {
        long at = (iova & 0x1_ffff_ffff_ffffL) - MEMPTRS;
        if ((access & BusMaster.WRITE) != 0 && at > -STORE_BYTES && at < FENCE_END) {
          count++;
        }
        return translator.translate(streamId, substreamId, iova, access);
      };
    }
  }

  /** Executes one command stream. */
  public static void fuzzerTestOneInput(byte[] data) throws BadInputException, ErrnoException {
    int[] dwords = new int[Math.min(data.length / Integer.BYTES, MAX_DWORDS)];
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(dwords);
    if (dwords.length == 0) {
      return;
    }
    for (int i = 0; i + 1 < dwords.length; i++) {
      if (dwords[i] == MEMCPY) {
        dwords[i + 1] &= MAX_COPY_DWORDS;
      }
    }
    FenceStores fence = new FenceStores();
    try (Machine machine = Machine.on(FuzzTarget.db845c()).interpose(fence).boot()) {
      Bystander bystander = new Bystander(machine);
      bystander.assertServed();
      RawGpu fuzzer = new RawGpu(machine.host("fuzzer"));
      int before = fence.count;
      boolean ended = hasEnded(fuzzer, dwords);
      int own = before + 1 - fuzzer.msm.queueFaults(0); // the driver writes that of one that hung
      if (ended && fence.count <= own) {
        fuzzer.msm.client.exit();
        bystander.assertServed();
        bystander.assertUntouched();
        bystander.exit();
        machine.settle();
        assertThat(machine.leakedPages()).isEmpty();
      } else { // the fence is forged, and who waits for it waits long
        assertThat(fence.count).isGreaterThan(before);
        bystander.assertUntouched();
      }
    }
  }

  private static boolean hasEnded(RawGpu fuzzer, int[] dwords) throws ErrnoException {
    try {
      fuzzer.run(dwords);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ETIMEDOUT) {
        return false;
      }
      throw e;
    }
  }
}
