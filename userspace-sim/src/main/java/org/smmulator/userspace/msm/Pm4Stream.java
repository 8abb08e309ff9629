package org.smmulator.userspace.msm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Condition;
import org.smmulator.regs.adreno.Pm4Opcode;

/** PM4 packets for a command buffer, one after the other. */
public final class Pm4Stream {
  /** The most dwords that a packet can have behind its header. */
  public static final int MAX_PACKET_DWORDS = (1 << 14) - 1;

  private static final int MASK_ALL = -1;
  private static final int POLL_DELAY_CYCLES = 16;

  private final ImmutableIntArray.Builder dwords = ImmutableIntArray.builder();

  /** Stores 32-bit values from {@code iova} up, with as many packets as that takes. */
  public Pm4Stream memWrite(long iova, int... values) {
    int most = MAX_PACKET_DWORDS - 2;
    for (int done = 0; done < values.length; done += most) {
      int count = Math.min(most, values.length - done);
      header(Pm4Opcode.MEM_WRITE, 2 + count);
      address(iova + (long) done * Integer.BYTES);
      dwords.addAll(Arrays.copyOfRange(values, done, done + count));
    }
    return this;
  }

  /** Copies the 32-bit value at {@code fromIova}. */
  public Pm4Stream memCopy(long toIova, long fromIova) {
    header(Pm4Opcode.MEM_TO_MEM, 5);
    dwords.add(0);
    address(toIova);
    address(fromIova);
    return this;
  }

  /** Waits until the 32-bit value at {@code iova} is {@code reference}. */
  public Pm4Stream waitUntilEqual(long iova, int reference) {
    return waitMem(Pm4Condition.EQUAL, iova, reference);
  }

  /** Waits until the unsigned 32-bit value at {@code iova} is at least {@code reference}. */
  public Pm4Stream waitUntilAtLeast(long iova, int reference) {
    return waitMem(Pm4Condition.GREATER_OR_EQUAL, iova, reference);
  }

  private Pm4Stream waitMem(int comparison, long iova, int reference) {
    header(Pm4Opcode.WAIT_REG_MEM, 6);
    dwords.add(comparison | Pm4Condition.POLL_MEMORY);
    address(iova);
    dwords.add(reference).add(MASK_ALL).add(POLL_DELAY_CYCLES);
    return this;
  }

  /** Skips {@code count} dwords. */
  public Pm4Stream nop(int count) {
    header(Pm4Opcode.NOP, count);
    for (int i = 0; i < count; i++) {
      dwords.add(0);
    }
    return this;
  }

  /** Dwords as they stand. */
  public Pm4Stream raw(int... values) {
    dwords.addAll(values);
    return this;
  }

  /** The packets so far. */
  public ImmutableIntArray dwords() {
    return dwords.build();
  }

  private void header(int opcode, int count) {
    checkArgument(count <= MAX_PACKET_DWORDS, "a packet of %s dwords", count);
    dwords.add(Pm4.packet(opcode, count));
  }

  private void address(long iova) {
    dwords.add((int) iova).add((int) (iova >>> 32));
  }
}
