package org.smmulator.hw.adreno;

import static org.smmulator.regs.adreno.GmuHfi.HEADER_IOVA;
import static org.smmulator.regs.adreno.GmuHfi.HEADER_READ_INDEX;
import static org.smmulator.regs.adreno.GmuHfi.HEADER_SIZE;
import static org.smmulator.regs.adreno.GmuHfi.HEADER_WRITE_INDEX;
import static org.smmulator.regs.adreno.GmuHfi.TABLE_FIRST_HEADER;
import static org.smmulator.regs.adreno.GmuHfi.TABLE_HEADER_SIZE;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.regs.adreno.GmuHfi;

/**
 * The queues of messages as the unit's firmware reads and writes them, through the unit's own
 * stream of the SMMU. A table that makes no sense, or that the bus does not answer for, holds no
 * messages.
 */
final class HfiQueues {
  private static final int[] NOTHING = {};

  private final BusMaster memory;
  private long tableIova;

  HfiQueues(BusMaster memory) {
    this.memory = memory;
  }

  /** Says where the table is. */
  void setTable(long iova) {
    tableIova = iova;
  }

  /** Takes the next message of {@code queue}; an empty array if there is none. */
  int[] take(int queue) {
    long header = headerIova(queue);
    int read = load(header, HEADER_READ_INDEX);
    int size = load(header, HEADER_SIZE);
    if (memory.aborted() || size <= 0 || read < 0 || read >= size) {
      return NOTHING;
    }
    if (read == load(header, HEADER_WRITE_INDEX)) {
      return NOTHING;
    }
    long data = Integer.toUnsignedLong(load(header, HEADER_IOVA));
    int[] message = new int[Math.min(GmuHfi.dwords(load(data, read)), size)];
    for (int i = 0; i < message.length; i++) {
      message[i] = load(data, (read + i) % size);
    }
    memory.store32(dword(header, HEADER_READ_INDEX), (read + message.length) % size);
    return message;
  }

  /** Appends {@code message} to {@code queue}. */
  void put(int queue, int[] message) {
    long header = headerIova(queue);
    int write = load(header, HEADER_WRITE_INDEX);
    int size = load(header, HEADER_SIZE);
    if (memory.aborted() || size <= 0 || write < 0 || write >= size) {
      return;
    }
    long data = Integer.toUnsignedLong(load(header, HEADER_IOVA));
    for (int i = 0; i < message.length; i++) {
      memory.store32(dword(data, (write + i) % size), message[i]);
    }
    memory.store32(dword(header, HEADER_WRITE_INDEX), (write + message.length) % size);
  }

  private long headerIova(int queue) {
    int first = load(tableIova, TABLE_FIRST_HEADER);
    int dwords = load(tableIova, TABLE_HEADER_SIZE);
    return dword(tableIova, first + queue * dwords);
  }

  private int load(long iova, int dword) {
    return memory.load32(dword(iova, dword));
  }

  private static long dword(long iova, int index) {
    return iova + (long) index * Integer.BYTES;
  }
}
