package org.smmulator.drm.msm.rd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.DeviceNode;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A recording that one process at a time reads while it grows. Kernel: {@code struct msm_rd_state}.
 *
 * <p>Between writer and reader is a ring of half a KiB: a writer waits for a reader that is slow,
 * and with it the submit that it records. Nobody records while nobody reads.
 */
public final class RdRecorder implements DeviceNode {
  /** {@code BUF_SZ}; one byte is never used, so that full and empty differ. */
  private static final int RING_BYTES = 512;

  private static final int HEADER_BYTES = 8;

  private final int gpuId;
  private final long chipId;
  private final WaitQueue changed;
  private final Mutex readLock;
  private final Mutex writeLock;
  private final byte[] ring = new byte[RING_BYTES];
  private int head;
  private int tail;
  private boolean open;

  /**
   * Makes a recorder without a reader.
   *
   * @param name of the file
   * @param gpuId what every recording begins with, as the parameter of that name
   * @param chipId what comes after it
   */
  public RdRecorder(Scheduler scheduler, Lockdep lockdep, String name, int gpuId, long chipId) {
    this.gpuId = gpuId;
    this.chipId = chipId;
    this.changed = new WaitQueue(scheduler, name + " to be read or written");
    this.readLock = lockdep.mutex("rd->read_lock");
    this.writeLock = lockdep.mutex("rd->write_lock");
  }

  /** Returns whether somebody reads: else there is no need to record. */
  public boolean isOpen() {
    return open;
  }

  /** Held by who writes the sections of one submit. */
  public Mutex writeLock() {
    return writeLock;
  }

  /** Writes text, with zeroes up to a multiple of four bytes. */
  public void text(RdSection type, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    section(type, Arrays.copyOf(bytes, bytes.length + 3 & -4));
  }

  /** Writes a range of addresses: GPUADDR or CMDSTREAM_ADDR. */
  public void range(RdSection type, long iova, int size) {
    section(type, (int) iova, size, (int) (iova >>> 32));
  }

  /** Writes dwords. */
  public void section(RdSection type, int... dwords) {
    byte[] bytes = new byte[dwords.length * Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(dwords);
    section(type, bytes);
  }

  private void section(RdSection type, byte[] bytes) {
    header(type, bytes.length);
    bytes(bytes);
  }

  /** Begins a section, {@code sizeBytes} of which are to follow. */
  public void header(RdSection type, int sizeBytes) {
    bytes(littleEndian(HEADER_BYTES).putInt(type.number()).putInt(sizeBytes).array());
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes a part of a section. Kernel: {@code rd_write()}. */
  public void bytes(byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      var _ = changed.await(() -> space() > 0 || !open, WaitQueue.FOREVER);
      if (!open) {
        return;
      }
      int part = Math.min(bytes.length - done, Math.min(space(), RING_BYTES - head));
      System.arraycopy(bytes, done, ring, head, part);
      head = (head + part) % RING_BYTES;
      done += part;
      changed.wakeAll();
    }
  }

  private int filled() {
    return (head - tail + RING_BYTES) % RING_BYTES;
  }

  private int space() {
    return RING_BYTES - 1 - filled();
  }

  /**
   * Begins a recording. Kernel: {@code rd_open()}.
   *
   * @throws ErrnoException EBUSY if somebody reads already
   */
  @Override
  public FileOperations open(Caller caller, int flags) throws ErrnoException {
    if (open) {
      throw EBUSY.because("somebody reads the recording");
    }
    open = true;
    head = 0;
    tail = 0;
    section(RdSection.GPU_ID, gpuId);
    section(RdSection.CHIP_ID, (int) chipId, (int) (chipId >>> 32));
    return new Reader();
  }

  private final class Reader implements FileOperations {
    /**
     * Takes what there is, and waits while there is nothing. Kernel: {@code rd_read()}.
     *
     * @throws ErrnoException EFAULT; ERESTARTSYS
     */
    @Override
    public long read(Caller caller, long userPtr, long sizeBytes, long position)
        throws ErrnoException {
      try (var _ = readLock.lock()) {
        if (changed.awaitInterruptible(() -> filled() > 0, WaitQueue.FOREVER)
            == WaitResult.INTERRUPTED) {
          throw ERESTARTSYS.because("killed while waiting for a submit");
        }
        int part = (int) Math.min(sizeBytes, Math.min(filled(), RING_BYTES - tail));
        caller.memory().copyTo(userPtr, MemorySegment.ofArray(ring), tail, part);
        tail = (tail + part) % RING_BYTES;
        changed.wakeAll();
        return part;
      }
    }

    /** Kernel: {@code rd_release()}. */
    @Override
    public void release() {
      open = false;
      changed.wakeAll();
    }
  }
}
