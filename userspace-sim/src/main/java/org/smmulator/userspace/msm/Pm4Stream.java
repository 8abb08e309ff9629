package org.smmulator.userspace.msm;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.smmulator.regs.adreno.A3xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Condition;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;

/** PM4 packets for a command buffer, one after the other. */
public final class Pm4Stream {
  /** The most dwords that a packet can have behind its header. */
  public static final int MAX_PACKET_DWORDS = (1 << 14) - 1;

  /** The packets that a GPU takes. */
  public enum Dialect {
    /** Types 4 and 7, addresses of 64 bits: A5xx and later. */
    TYPE7,
    /** Types 0 and 3, addresses of 32 bits: up to A4xx. */
    TYPE3;

    private static final long FIRST_WITH_TYPE7 = 500;

    /** The dialect of the GPU that {@code MSM_PARAM_GPU_ID} names, such as 630. */
    public static Dialect of(long gpuId) {
      return gpuId < FIRST_WITH_TYPE7 ? TYPE3 : TYPE7;
    }
  }

  private static final int MASK_ALL = -1;
  private static final int POLL_DELAY_CYCLES = 16;

  /** A register that nobody else uses, through which a copy goes where no packet copies. */
  private static final int SCRATCH = A3xx.index(A3xx.CP_SCRATCH) + 7;

  private final Dialect dialect;
  private final ImmutableIntArray.Builder dwords = ImmutableIntArray.builder();

  /** Starts a stream of {@link Dialect#TYPE7}. */
  public Pm4Stream() {
    this(Dialect.TYPE7);
  }

  public Pm4Stream(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Stores 32-bit values from {@code iova} up, with as many packets as that takes. */
  public Pm4Stream memWrite(long iova, int... values) {
    int most = MAX_PACKET_DWORDS - 2;
    for (int done = 0; done < values.length; done += most) {
      int count = Math.min(most, values.length - done);
      header(Pm4Opcode.MEM_WRITE, addressDwords() + count);
      address(iova + (long) done * Integer.BYTES);
      dwords.addAll(Arrays.copyOfRange(values, done, done + count));
    }
    return this;
  }

  /** Copies the 32-bit value at {@code fromIova}. */
  public Pm4Stream memCopy(long toIova, long fromIova) {
    if (dialect == Dialect.TYPE3) {
      header(Pm4Opcode.MEM_TO_REG, 2);
      dwords.add(SCRATCH);
      address(fromIova);
      header(Pm4Opcode.REG_TO_MEM, 2);
      dwords.add(SCRATCH);
      address(toIova);
      return this;
    }
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
    header(Pm4Opcode.WAIT_REG_MEM, 4 + addressDwords());
    dwords.add(comparison | Pm4Condition.POLL_MEMORY);
    address(iova);
    dwords.add(reference).add(MASK_ALL).add(POLL_DELAY_CYCLES);
    return this;
  }

  /** Skips {@code count} dwords. */
  public Pm4Stream nop(int count) {
    if (dialect == Dialect.TYPE3 && count == 0) {
      dwords.add(Pm4Type3.nothing());
      return this;
    }
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
    dwords.add(
        dialect == Dialect.TYPE3 ? Pm4Type3.packet(opcode, count) : Pm4.packet(opcode, count));
  }

  private int addressDwords() {
    return dialect == Dialect.TYPE3 ? 1 : 2;
  }

  private void address(long iova) {
    dwords.add((int) iova);
    if (dialect == Dialect.TYPE7) {
      dwords.add((int) (iova >>> 32));
    }
  }
}
