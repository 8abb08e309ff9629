package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.regs.adreno.GmuHfi;

/**
 * The driver's side of the queues of messages between it and the management unit. Kernel: {@code
 * a6xx_hfi.c}, of the first generation. Left out: the table of bandwidths, which nothing here has.
 */
final class A6xxHfi {
  private static final long QUEUE_BYTES = PageAllocator.PAGE_SIZE;
  private static final int QUEUE_DWORDS = (int) QUEUE_BYTES / Integer.BYTES;
  private static final int MAX_NUMBER = 0xfff;

  /** Version 1.10. Kernel: {@code a6xx_hfi_get_fw_version()}. */
  private static final int SUPPORTED_VERSION = 1 << 28 | 1 << 19 | 1 << 17;

  private static final long HZ_PER_KHZ = 1_000;

  /** {@code type} of the queues to the unit, from it, and of its log. */
  private static final int[] QUEUE_IDS = {0, 4, 5};

  private static final int QUEUE_TYPE = 10 << 8;

  /** How many messages of each queue a dump finds again. */
  private static final int HISTORY = 8;

  /** The unit as its messages see it. */
  interface Unit {
    /** Rings the unit's bell. */
    void ring();

    /**
     * Waits until the unit says that it has answered.
     *
     * @throws ErrnoException ETIMEDOUT
     */
    void awaitAnswer(String message, int number) throws ErrnoException;

    /** Prints on the unit's behalf. */
    void error(String text);
  }

  private final Dram dram;
  private final KernelBuffer memory;
  private final Unit unit;
  private final int[][] history = new int[GmuHfi.QUEUES][HISTORY];
  private final int[] inHistory = new int[GmuHfi.QUEUES];
  private int number;

  /**
   * Makes the queues in {@code memory}, which the unit reaches. Kernel: {@code a6xx_hfi_init()}.
   */
  A6xxHfi(Dram dram, KernelBuffer memory, Unit unit) {
    this.dram = dram;
    this.memory = memory;
    this.unit = unit;
    int headers = GmuHfi.TABLE_DWORDS + GmuHfi.QUEUES * GmuHfi.HEADER_DWORDS;
    set(GmuHfi.TABLE_SIZE, headers * Integer.BYTES);
    set(GmuHfi.TABLE_FIRST_HEADER, GmuHfi.TABLE_DWORDS);
    set(GmuHfi.TABLE_HEADER_SIZE, GmuHfi.HEADER_DWORDS);
    set(GmuHfi.TABLE_QUEUES, GmuHfi.QUEUES);
    set(GmuHfi.TABLE_ACTIVE, GmuHfi.QUEUES);
    for (int queue = 0; queue < GmuHfi.QUEUES; queue++) {
      Arrays.fill(history[queue], -1);
      set(header(queue, GmuHfi.HEADER_IOVA), (int) (memory.iova() + dataOffset(queue)));
      set(header(queue, GmuHfi.HEADER_TYPE), QUEUE_TYPE | QUEUE_IDS[queue]);
      set(header(queue, GmuHfi.HEADER_STATUS), 1);
      set(header(queue, GmuHfi.HEADER_SIZE), QUEUE_DWORDS);
      set(header(queue, GmuHfi.HEADER_RX_WATERMARK), 1);
      set(header(queue, GmuHfi.HEADER_TX_WATERMARK), 1);
      set(header(queue, GmuHfi.HEADER_RX_REQUEST), 1);
    }
  }

  /**
   * Tells the unit what it must know of the GPU. Kernel: {@code a6xx_hfi_start_v1()}.
   *
   * @param debug memory for what the unit wants to tell
   * @param gpuHz the clocks of the GPU, the slowest first, which is 0
   * @param gmuHz those of the unit itself
   * @throws ErrnoException ETIMEDOUT, EINVAL if the unit refuses a message
   */
  void start(KernelBuffer debug, ImmutableList<Long> gpuHz, ImmutableList<Long> gmuHz)
      throws ErrnoException {
    send(
        "HFI_H2F_MSG_INIT",
        GmuHfi.MSG_INIT,
        new int[] {0, 0, (int) debug.iova(), (int) debug.sizeBytes(), 0});
    send("HFI_H2F_MSG_FW_VERSION", GmuHfi.MSG_FW_VERSION, new int[] {0, SUPPORTED_VERSION});
    send("HFI_H2F_MSG_PERF_TABLE", GmuHfi.MSG_PERF_TABLE, perfTable(gpuHz, gmuHz));
    send("HFI_H2F_MSG_TEST", GmuHfi.MSG_TEST, new int[1]);
  }

  /** Kernel: {@code a6xx_hfi_send_perf_table_v1()}; the votes for voltages are zero. */
  private static int[] perfTable(ImmutableList<Long> gpuHz, ImmutableList<Long> gmuHz) {
    int[] message = new int[GmuHfi.PERF_DWORDS];
    message[GmuHfi.PERF_GPU_LEVELS] = gpuHz.size();
    message[GmuHfi.PERF_GMU_LEVELS] = gmuHz.size();
    levels(message, GmuHfi.PERF_FIRST, gpuHz);
    levels(message, GmuHfi.PERF_FIRST + 2 * GmuHfi.GPU_LEVELS, gmuHz);
    return message;
  }

  private static void levels(int[] message, int first, ImmutableList<Long> hz) {
    for (int i = 0; i < hz.size(); i++) {
      message[first + 2 * i + GmuHfi.LEVEL_KHZ] = (int) (hz.get(i) / HZ_PER_KHZ);
    }
  }

  /** Empties the queues. Kernel: {@code a6xx_hfi_stop()}. */
  void stop() {
    for (int queue = 0; queue < GmuHfi.QUEUES; queue++) {
      if (get(header(queue, GmuHfi.HEADER_READ_INDEX))
          != get(header(queue, GmuHfi.HEADER_WRITE_INDEX))) {
        unit.error("HFI queue %d is not empty".formatted(queue));
      }
      set(header(queue, GmuHfi.HEADER_READ_INDEX), 0);
      set(header(queue, GmuHfi.HEADER_WRITE_INDEX), 0);
      Arrays.fill(history[queue], -1);
      inHistory[queue] = 0;
    }
  }

  /**
   * Returns the lines of a dump: the last messages of each queue, the oldest first, by where they
   * start; -1 stands for what there was not. Kernel: {@code a6xx_snapshot_gmu_hfi_history()}.
   */
  ImmutableList<String> history() {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    for (int queue = 0; queue < GmuHfi.QUEUES; queue++) {
      StringBuilder line = new StringBuilder("queue-history[" + queue + "]:");
      for (int i = 0; i < HISTORY; i++) {
        line.append(' ').append(history[queue][(inHistory[queue] + i) % HISTORY]);
      }
      lines.add(line.toString());
    }
    return lines.build();
  }

  private void note(int queue, int start) {
    history[queue][inHistory[queue]++ % HISTORY] = start;
  }

  /** Kernel: {@code a6xx_hfi_send_msg()}, {@code a6xx_hfi_wait_for_ack()}. */
  private void send(String name, int id, int[] message) throws ErrnoException {
    number = (number + 1) % MAX_NUMBER;
    message[0] = GmuHfi.header(id, message.length, number);
    write(name, message);
    while (true) {
      unit.awaitAnswer(name, number);
      for (int[] answer = read(); answer.length > 0; answer = read()) {
        if (GmuHfi.number(answer[GmuHfi.ACK_HEADER]) == number) {
          check(name, answer);
          return;
        }
        unit.error(
            "Unexpected message id %d on the response queue"
                .formatted(GmuHfi.number(answer[GmuHfi.ACK_HEADER])));
      }
    }
  }

  private void check(String name, int[] answer) throws ErrnoException {
    int error = answer[GmuHfi.ACK_ERROR];
    if (error != 0) {
      unit.error("Message %s id %d returned error %d".formatted(name, number, error));
      throw EINVAL.because("%s returned %d", name, error);
    }
  }

  /** Kernel: {@code a6xx_hfi_queue_write()}. */
  private void write(String name, int[] message) throws ErrnoException {
    int write = get(header(GmuHfi.COMMANDS, GmuHfi.HEADER_WRITE_INDEX));
    int read = get(header(GmuHfi.COMMANDS, GmuHfi.HEADER_READ_INDEX));
    int space = Math.floorMod(read - write - 1, QUEUE_DWORDS);
    if (space < message.length) {
      unit.error("Unable to send message %s id %d".formatted(name, number));
      throw ENOSPC.because("%d dwords are free", space);
    }
    note(GmuHfi.COMMANDS, write);
    for (int i = 0; i < message.length; i++) {
      set(data(GmuHfi.COMMANDS, write + i), message[i]);
    }
    set(
        header(GmuHfi.COMMANDS, GmuHfi.HEADER_WRITE_INDEX),
        (write + message.length) % QUEUE_DWORDS);
    unit.ring();
  }

  /** Reads an answer; empty if there is none. Kernel: {@code a6xx_hfi_queue_read()}. */
  private int[] read() {
    int read = get(header(GmuHfi.RESPONSES, GmuHfi.HEADER_READ_INDEX));
    if (read == get(header(GmuHfi.RESPONSES, GmuHfi.HEADER_WRITE_INDEX))) {
      return new int[0];
    }
    note(GmuHfi.RESPONSES, read);
    int[] message = new int[GmuHfi.ACK_MAX_DWORDS];
    int dwords = Math.min(GmuHfi.dwords(get(data(GmuHfi.RESPONSES, read))), message.length);
    for (int i = 0; i < dwords; i++) {
      message[i] = get(data(GmuHfi.RESPONSES, read + i));
    }
    set(header(GmuHfi.RESPONSES, GmuHfi.HEADER_READ_INDEX), (read + dwords) % QUEUE_DWORDS);
    return message;
  }

  // ---- the memory, in dwords

  private static long dataOffset(int queue) {
    return (queue + 1) * QUEUE_BYTES;
  }

  private static int header(int queue, int field) {
    return GmuHfi.TABLE_DWORDS + queue * GmuHfi.HEADER_DWORDS + field;
  }

  private static int data(int queue, int index) {
    return (int) (dataOffset(queue) / Integer.BYTES) + index % QUEUE_DWORDS;
  }

  private int get(int dword) {
    return dram.getInt(memory.pa() + (long) dword * Integer.BYTES);
  }

  private void set(int dword, int value) {
    dram.putInt(memory.pa() + (long) dword * Integer.BYTES, value);
  }
}
