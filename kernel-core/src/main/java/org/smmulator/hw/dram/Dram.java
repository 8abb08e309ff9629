package org.smmulator.hw.dram;

import static com.google.common.base.Preconditions.checkArgument;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The machine's memory, little-endian, by physical address.
 *
 * <p>Sparse: a bank costs nothing until it is touched. Data accesses may be unaligned. An access
 * outside every bank throws {@link BusError}; hardware asks {@link #covers} first, so in practice
 * it means a bug in software.
 *
 * <p>Threads: plain accesses have no ordering of their own. {@link #getIntAcquire} and {@link
 * #putIntRelease} are for what another party polls.
 */
// Why one segment for all banks: with one bank, the common case, an access is a subtraction, a
// compare and a bounds check; the JIT treats it as it would a long[].
public final class Dram implements AutoCloseable {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt ALIGNED_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_ACCESS = ALIGNED_INT.varHandle();

  private final ImmutableList<DramBank> banks;
  private final long firstBase;
  private final long firstSize;
  private final Arena arena;
  private final MemorySegment bytes;
  private final @Nullable HolePunch holes = HolePunch.ifAllowed();

  /**
   * Makes memory for {@code banks}, all zero.
   *
   * @throws DramUnavailableException if no place on the host can back that much
   */
  public Dram(ImmutableList<DramBank> banks) throws DramUnavailableException {
    checkArgument(!banks.isEmpty(), "a machine without memory");
    this.banks = banks;
    this.firstBase = banks.get(0).base();
    this.firstSize = banks.get(0).sizeBytes();
    this.arena = Arena.ofShared();
    this.bytes = SparseFile.map(banks.stream().mapToLong(DramBank::sizeBytes).sum(), arena);
  }

  public ImmutableList<DramBank> banks() {
    return banks;
  }

  /** Returns whether all of {@code pa}..{@code pa + bytes - 1} lies in one bank. */
  public boolean covers(long pa, long sizeBytes) {
    long offset = pa - firstBase;
    return (offset >= 0 && offset <= firstSize - sizeBytes) || laterBankCovers(pa, sizeBytes);
  }

  private boolean laterBankCovers(long pa, long sizeBytes) {
    for (int i = 1; i < banks.size(); i++) {
      DramBank bank = banks.get(i);
      if (pa >= bank.base() && pa - bank.base() <= bank.sizeBytes() - sizeBytes) {
        return true;
      }
    }
    return false;
  }

  public byte getByte(long pa) {
    return bytes.get(JAVA_BYTE, offset(pa));
  }

  public void putByte(long pa, byte value) {
    bytes.set(JAVA_BYTE, offset(pa), value);
  }

  public short getShort(long pa) {
    return bytes.get(SHORT, offset(pa));
  }

  public void putShort(long pa, short value) {
    bytes.set(SHORT, offset(pa), value);
  }

  public int getInt(long pa) {
    return bytes.get(INT, offset(pa));
  }

  public void putInt(long pa, int value) {
    bytes.set(INT, offset(pa), value);
  }

  public long getLong(long pa) {
    return bytes.get(LONG, offset(pa));
  }

  public void putLong(long pa, long value) {
    bytes.set(LONG, offset(pa), value);
  }

  /** Loads an aligned word before anything that follows. */
  public int getIntAcquire(long pa) {
    return (int) INT_ACCESS.getAcquire(bytes, offset(pa));
  }

  /** Stores an aligned word after anything that came before. */
  public void putIntRelease(long pa, int value) {
    INT_ACCESS.setRelease(bytes, offset(pa), value);
  }

  /** Sets {@code sizeBytes} bytes to zero. */
  public void zero(long pa, long sizeBytes) {
    bytes.asSlice(offset(pa, sizeBytes), sizeBytes).fill((byte) 0);
  }

  /**
   * Lets the host have the memory behind {@code sizeBytes} bytes of whole pages back, of which
   * nobody needs the contents. No effect where the JVM may not call native code.
   */
  public void discard(long pa, long sizeBytes) {
    if (holes != null) {
      holes.punch(bytes.asSlice(offset(pa, sizeBytes), sizeBytes));
    }
  }

  // The next two are for runs of a table's entries. The bank is looked up once, and what remains is
  // a loop that the JIT vectorises or unrolls: a quarter of a nanosecond for an entry. A run of one
  // must not enter the loop: where many are that short, the JIT would compile it for short runs.

  /** Stores {@code count} longs: {@code first}, {@code first + step}, and so on. */
  public void fillLongs(long pa, int count, long first, long step) {
    if (count == 1) {
      putLong(pa, first);
      return;
    }
    long at = offset(pa, (long) count << 3);
    for (int i = 0; i < count; i++) {
      bytes.set(LONG, at + ((long) i << 3), first + i * step);
    }
  }

  /**
   * Returns how many of the {@code count} longs from {@code pa} on equal {@code value} in the bits
   * of {@code mask}, up to the first that does not.
   */
  public int countLongs(long pa, int count, long mask, long value) {
    if (count == 1) {
      return (getLong(pa) & mask) == value ? 1 : 0;
    }
    long at = offset(pa, (long) count << 3);
    int i = 0;
    while (i < count && (bytes.get(LONG, at + ((long) i << 3)) & mask) == value) {
      i++;
    }
    return i;
  }

  /** Copies out of memory. */
  public void copyOut(long pa, MemorySegment to, long toOffset, long sizeBytes) {
    MemorySegment.copy(bytes, offset(pa, sizeBytes), to, toOffset, sizeBytes);
  }

  /** Copies into memory. */
  public void copyIn(long pa, MemorySegment from, long fromOffset, long sizeBytes) {
    MemorySegment.copy(from, fromOffset, bytes, offset(pa, sizeBytes), sizeBytes);
  }

  /**
   * A view of {@code sizeBytes} bytes, for loops that fill or scan a whole table. Valid until the
   * memory is closed.
   */
  public MemorySegment slice(long pa, long sizeBytes) {
    return bytes.asSlice(offset(pa, sizeBytes), sizeBytes);
  }

  @Override
  public void close() {
    arena.close();
  }

  private long offset(long pa) {
    long offset = pa - firstBase;
    if (offset >= 0 && offset < firstSize) {
      return offset;
    }
    return offsetInLaterBank(pa, 1);
  }

  private long offset(long pa, long sizeBytes) {
    long offset = pa - firstBase;
    if (offset >= 0 && offset <= firstSize - sizeBytes) {
      return offset;
    }
    return offsetInLaterBank(pa, sizeBytes);
  }

  private long offsetInLaterBank(long pa, long sizeBytes) {
    long fileOffset = firstSize;
    for (int i = 1; i < banks.size(); i++) {
      DramBank bank = banks.get(i);
      if (pa >= bank.base() && pa - bank.base() <= bank.sizeBytes() - sizeBytes) {
        return fileOffset + (pa - bank.base());
      }
      fileOffset += bank.sizeBytes();
    }
    throw new BusError(pa);
  }
}
