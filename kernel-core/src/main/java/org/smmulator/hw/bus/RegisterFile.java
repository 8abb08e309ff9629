package org.smmulator.hw.bus;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.reg.Reg;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;

/**
 * A model's registers: the values that it holds, and what happens when software touches them.
 *
 * <p>Only declared registers exist. An access elsewhere reads as zero and ignores writes, as
 * reserved space does. Offsets are bytes from the start of the block.
 */
public final class RegisterFile implements MmioTarget {
  /** The effect of a store to register {@code index} of an array. */
  @FunctionalInterface
  public interface IndexedWrite {
    void write(int index, int value);
  }

  /** The value of a load of register {@code index} of an array. */
  @FunctionalInterface
  public interface IndexedRead {
    int read(int index);
  }

  private final int[] values;
  private final int[] writableMask;
  private final @Nullable IntSupplier[] onRead;
  private final @Nullable IntConsumer[] onWrite;

  private RegisterFile(Builder builder) {
    this.values = builder.values;
    this.writableMask = builder.writableMask;
    this.onRead = builder.onRead;
    this.onWrite = builder.onWrite;
  }

  public static Builder builder(int sizeBytes) {
    return new Builder(sizeBytes);
  }

  @Override
  public int read32(int offset) {
    int slot = offset >>> 2;
    if (slot >= values.length) {
      return 0;
    }
    IntSupplier reader = onRead[slot];
    return reader == null ? values[slot] : reader.getAsInt();
  }

  @Override
  public void write32(int offset, int value) {
    int slot = offset >>> 2;
    if (slot >= values.length) {
      return;
    }
    int mask = writableMask[slot];
    values[slot] = (values[slot] & ~mask) | (value & mask);
    IntConsumer writer = onWrite[slot];
    if (writer != null) {
      writer.accept(value);
    }
  }

  /** The stored value, without the side effects of a read. */
  public int get(Reg32 reg) {
    return values[reg.offset() >>> 2];
  }

  public int get(Reg32 reg, int index) {
    return values[reg.offset(index) >>> 2];
  }

  public long get(Reg64 reg) {
    int slot = reg.offset() >>> 2;
    return Integer.toUnsignedLong(values[slot]) | (long) values[slot + 1] << 32;
  }

  /** Stores a value as the hardware itself does: no mask, no side effect. */
  public void set(Reg32 reg, int value) {
    values[reg.offset() >>> 2] = value;
  }

  public void set(Reg32 reg, int index, int value) {
    values[reg.offset(index) >>> 2] = value;
  }

  public void set(Reg64 reg, long value) {
    int slot = reg.offset() >>> 2;
    values[slot] = (int) value;
    values[slot + 1] = (int) (value >>> 32);
  }

  /**
   * Declares the registers of a file.
   *
   * <p>{@link #constant} and {@link #readOnly} ignore writes; {@link #readWrite} stores them;
   * {@link #onWrite} stores them and then tells the model; {@link #onRead} asks the model instead
   * of the store. Software may write a 64-bit register by halves, in either order.
   */
  public static final class Builder {
    private final int[] values;
    private final int[] writableMask;
    private final boolean[] declared;
    private final @Nullable IntSupplier[] onRead;
    private final @Nullable IntConsumer[] onWrite;

    private Builder(int sizeBytes) {
      checkArgument(sizeBytes > 0 && sizeBytes % 4 == 0, "size %s", sizeBytes);
      int slots = sizeBytes / 4;
      values = new int[slots];
      writableMask = new int[slots];
      declared = new boolean[slots];
      onRead = new IntSupplier[slots];
      onWrite = new IntConsumer[slots];
    }

    /** A register that always reads as {@code value}. */
    public Builder constant(Reg32 reg, int value) {
      declare(reg);
      values[reg.offset() >>> 2] = value;
      return this;
    }

    /** A register that only the hardware changes, with {@link RegisterFile#set}. */
    public Builder readOnly(Reg reg) {
      declare(reg);
      return this;
    }

    /** A register, or array, that stores what is written. */
    public Builder readWrite(Reg reg) {
      declare(reg);
      mask(reg, -1);
      return this;
    }

    /** A register, or array, whose bits outside {@code mask} read as zero and ignore writes. */
    public Builder readWrite(Reg32 reg, int mask) {
      declare(reg);
      mask(reg, mask);
      return this;
    }

    /** A register that stores what is written, and then acts on the value written. */
    public Builder onWrite(Reg32 reg, IntConsumer action) {
      readWrite(reg);
      onWrite[reg.offset() >>> 2] = action;
      return this;
    }

    /** A register whose value is only a command: it stores nothing and reads as zero. */
    public Builder command(Reg32 reg, IntConsumer action) {
      declare(reg);
      onWrite[reg.offset() >>> 2] = action;
      return this;
    }

    /** An array of registers that store what is written, masked, and then act on it. */
    public Builder onWrite(Reg32 reg, int mask, IndexedWrite action) {
      readWrite(reg, mask);
      for (int i = 0; i < reg.count(); i++) {
        int index = i;
        onWrite[reg.offset(i) >>> 2] = value -> action.write(index, value);
      }
      return this;
    }

    /** A 64-bit register that stores what is written, and then acts: at the store of each half. */
    public Builder onWrite(Reg64 reg, Runnable action) {
      readWrite(reg);
      onWrite[reg.offset() >>> 2] = value -> action.run();
      onWrite[(reg.offset() >>> 2) + 1] = value -> action.run();
      return this;
    }

    /**
     * A 64-bit register that acts on what is written, and that software may take for one of 32.
     *
     * @param isNarrow asked at a store to the low half: whether it is all that there is
     * @param narrow the effect of that store if so
     * @param whole the effect if not, of stores to both halves, in either order
     */
    public Builder onWrite(
        Reg64 reg, BooleanSupplier isNarrow, IntConsumer narrow, LongConsumer whole) {
      readWrite(reg);
      int slot = reg.offset() >>> 2;
      Halves halves = new Halves(slot, whole);
      onWrite[slot] =
          low -> {
            if (isNarrow.getAsBoolean()) {
              narrow.accept(low);
            } else {
              halves.written(1);
            }
          };
      onWrite[slot + 1] = high -> halves.written(2);
      return this;
    }

    /** The halves of a 64-bit register that were written since it last acted. */
    private final class Halves {
      private static final int BOTH = 3;

      private final int slot;
      private final LongConsumer action;
      private int written;

      Halves(int slot, LongConsumer action) {
        this.slot = slot;
        this.action = action;
      }

      void written(int half) {
        written |= half;
        if (written == BOTH) {
          written = 0;
          action.accept(Integer.toUnsignedLong(values[slot]) | (long) values[slot + 1] << 32);
        }
      }
    }

    /** A register that the model answers for. */
    public Builder onRead(Reg32 reg, IntSupplier answer) {
      declare(reg);
      onRead[reg.offset() >>> 2] = answer;
      return this;
    }

    /** An array of registers that the model answers for and takes stores to. */
    public Builder indexed(Reg32 reg, IndexedRead answer, IndexedWrite action) {
      declare(reg);
      for (int i = 0; i < reg.count(); i++) {
        int index = i;
        onRead[reg.offset(i) >>> 2] = () -> answer.read(index);
        onWrite[reg.offset(i) >>> 2] = value -> action.write(index, value);
      }
      return this;
    }

    public RegisterFile build() {
      return new RegisterFile(this);
    }

    private void declare(Reg reg) {
      forEachSlot(
          reg,
          slot -> {
            checkState(!declared[slot], "%s is declared twice", reg);
            declared[slot] = true;
          });
    }

    private void mask(Reg reg, int mask) {
      forEachSlot(reg, slot -> writableMask[slot] = mask);
    }

    private void forEachSlot(Reg reg, IntConsumer action) {
      int words = reg instanceof Reg64 ? 2 : 1;
      for (int i = 0; i < reg.count(); i++) {
        int first = (reg.offset() + i * reg.stride()) >>> 2;
        checkArgument(first + words <= values.length, "%s lies outside the file", reg);
        for (int word = 0; word < words; word++) {
          action.accept(first + word);
        }
      }
    }
  }

  /** Sets every register back to zero, constants too; the model then writes its reset values. */
  public void clear() {
    Arrays.fill(values, 0);
  }
}
