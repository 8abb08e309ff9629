package org.smmulator.hw.bus;

import static com.google.common.base.Preconditions.checkArgument;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * A device's port to memory: every access is translated, then lands in DRAM.
 *
 * <p>A store of one aligned word may land in another device's registers instead: a
 * message-signalled interrupt is such a store, translated as any other. Loads from registers and
 * longer stores are bus errors.
 *
 * <p>A refused access does not throw. Loads then give zero, stores are ignored, and {@link
 * #aborted()} says whether the bus reported an error. Accesses may be unaligned and may cross
 * pages; they are split at 4 KiB because an IOMMU's answer holds for one page only.
 */
public final class BusMaster {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int INSTRUCTION = 4;
  public static final int PRIVILEGED = 8;

  private static final long PAGE_BYTES = 4096;

  private final Dram dram;
  private final Translator translator;
  private final @Nullable MessagePort registers;
  private final int streamId;
  private final int substreamId;
  private final int attributes;
  private boolean aborted;
  private int resets;

  /** A port that leads to DRAM alone. */
  public BusMaster(Dram dram, Translator translator, int streamId) {
    this(dram, null, translator, streamId, Translator.NO_SUBSTREAM, 0);
  }

  /** A port that leads to DRAM and, for a word's store, to what {@code registers} leads to. */
  public BusMaster(Dram dram, MessagePort registers, Translator translator, int streamId) {
    this(dram, registers, translator, streamId, Translator.NO_SUBSTREAM, 0);
  }

  private BusMaster(
      Dram dram,
      @Nullable MessagePort registers,
      Translator translator,
      int streamId,
      int substreamId,
      int attributes) {
    this.dram = dram;
    this.registers = registers;
    this.translator = translator;
    this.streamId = streamId;
    this.substreamId = substreamId;
    this.attributes = attributes;
  }

  /**
   * A port of the same device whose accesses carry {@code substream}: a PASID, or {@link
   * Translator#NO_SUBSTREAM}. It has its own {@link #aborted} and {@link #reset}.
   */
  public BusMaster withSubstream(int substream) {
    checkArgument(substream >= Translator.NO_SUBSTREAM, "substream %s", substream);
    return new BusMaster(dram, registers, translator, streamId, substream, attributes);
  }

  /**
   * A port of the same device whose accesses are privileged. It has its own {@link #aborted} and
   * {@link #reset}.
   */
  public BusMaster privileged() {
    return new BusMaster(dram, registers, translator, streamId, substreamId, PRIVILEGED);
  }

  /**
   * Ends the accesses that an IOMMU stalls now, as a reset of the device does: when they are let go
   * they do nothing, and end in a bus error.
   */
  public void reset() {
    resets++;
    translator.masterReset(streamId);
  }

  /** Returns whether the last access, or any part of it, ended in a bus error. */
  public boolean aborted() {
    return aborted;
  }

  public int load32(long iova) {
    if (crossesPage(iova, Integer.BYTES)) {
      return (int) loadBytes(iova, Integer.BYTES);
    }
    long pa = translate(iova, Integer.BYTES, READ);
    return pa < 0 ? 0 : dram.getInt(pa);
  }

  public long load64(long iova) {
    if (crossesPage(iova, Long.BYTES)) {
      return loadBytes(iova, Long.BYTES);
    }
    long pa = translate(iova, Long.BYTES, READ);
    return pa < 0 ? 0 : dram.getLong(pa);
  }

  public void store32(long iova, int value) {
    if (crossesPage(iova, Integer.BYTES)) {
      storeBytes(iova, Integer.BYTES, value);
      return;
    }
    long pa = translateUnlessReset(iova, WRITE);
    if (pa >= 0 && !dram.covers(pa, Integer.BYTES)) {
      aborted = registers == null || !registers.message(pa, value);
      return;
    }
    aborted = pa == Translator.ABORT;
    if (pa >= 0) {
      dram.putInt(pa, value);
    }
  }

  public void store64(long iova, long value) {
    if (crossesPage(iova, Long.BYTES)) {
      storeBytes(iova, Long.BYTES, value);
      return;
    }
    long pa = translate(iova, Long.BYTES, WRITE);
    if (pa >= 0) {
      dram.putLong(pa, value);
    }
  }

  /** Loads {@code bytes} bytes into {@code to}, one translation a page. */
  public void read(long iova, MemorySegment to, long offset, long bytes) {
    boolean failed = false;
    int before = resets;
    for (long done = 0; done < bytes; ) {
      long chunk = Math.min(bytes - done, PAGE_BYTES - ((iova + done) & (PAGE_BYTES - 1)));
      long pa = translatePart(before, iova + done, chunk, READ);
      failed |= aborted;
      if (pa < 0) {
        to.asSlice(offset + done, chunk).fill((byte) 0);
      } else {
        dram.copyOut(pa, to, offset + done, chunk);
      }
      done += chunk;
    }
    aborted = failed;
  }

  /** Stores {@code bytes} bytes from {@code from}, one translation a page. */
  public void write(long iova, MemorySegment from, long offset, long bytes) {
    boolean failed = false;
    int before = resets;
    for (long done = 0; done < bytes; ) {
      long chunk = Math.min(bytes - done, PAGE_BYTES - ((iova + done) & (PAGE_BYTES - 1)));
      long pa = translatePart(before, iova + done, chunk, WRITE);
      failed |= aborted;
      if (pa >= 0) {
        dram.copyIn(pa, from, offset + done, chunk);
      }
      done += chunk;
    }
    aborted = failed;
  }

  private static boolean crossesPage(long iova, int bytes) {
    return (iova & (PAGE_BYTES - 1)) > PAGE_BYTES - bytes;
  }

  private long translate(long iova, long bytes, int access) {
    long pa = translateUnlessReset(iova, access);
    if (pa >= 0 && !dram.covers(pa, bytes)) {
      pa = Translator.ABORT; // nothing answers at that address
    }
    aborted = pa == Translator.ABORT;
    return pa;
  }

  /** One part of an access: the device's reset ends those that are still to come, too. */
  private long translatePart(int resetsBefore, long iova, long bytes, int access) {
    if (resetsBefore != resets) {
      aborted = true;
      return Translator.ABORT;
    }
    return translate(iova, bytes, access);
  }

  private long translateUnlessReset(long iova, int access) {
    int before = resets;
    long pa = translator.translate(streamId, substreamId, iova, access | attributes);
    return before == resets ? pa : Translator.ABORT;
  }

  private long loadBytes(long iova, int bytes) {
    boolean failed = false;
    long value = 0;
    int before = resets;
    for (int i = 0; i < bytes; i++) {
      long pa = translatePart(before, iova + i, 1, READ);
      failed |= aborted;
      if (pa >= 0) {
        value |= (dram.getByte(pa) & 0xffL) << (8 * i);
      }
    }
    aborted = failed;
    return value;
  }

  private void storeBytes(long iova, int bytes, long value) {
    boolean failed = false;
    int before = resets;
    for (int i = 0; i < bytes; i++) {
      long pa = translatePart(before, iova + i, 1, WRITE);
      failed |= aborted;
      if (pa >= 0) {
        dram.putByte(pa, (byte) (value >>> (8 * i)));
      }
    }
    aborted = failed;
  }
}
