package org.smmulator.regs.adreno;

/**
 * The queues of messages between a driver and a GMU, in memory that both reach: a table, and a
 * header for each queue, which is a ring of dwords. Offsets in dwords. Kernel: {@code a6xx_hfi.h},
 * {@code a6xx_hfi_init()}.
 *
 * <pre>
 *  dword  0        1      2             3          4           5
 *        +--------+------+-------------+----------+-----------+--------+
 *  table |version | size | 1st header  | its size | of queues | active |
 *        +--------+------+------+------+----------+-----------+--------+
 *  queue |status  | iova | type | size | message  | dropped   | … 10: read, 11: write index
 *        +--------+------+------+------+----------+-----------+--------+
 * </pre>
 */
public final class GmuHfi {
  public static final int TABLE_DWORDS = 6;
  public static final int TABLE_SIZE = 1;
  public static final int TABLE_FIRST_HEADER = 2;
  public static final int TABLE_HEADER_SIZE = 3;
  public static final int TABLE_QUEUES = 4;
  public static final int TABLE_ACTIVE = 5;

  public static final int HEADER_DWORDS = 12;
  public static final int HEADER_STATUS = 0;
  public static final int HEADER_IOVA = 1;
  public static final int HEADER_TYPE = 2;
  public static final int HEADER_SIZE = 3;
  public static final int HEADER_RX_WATERMARK = 6;
  public static final int HEADER_TX_WATERMARK = 7;
  public static final int HEADER_RX_REQUEST = 8;
  public static final int HEADER_READ_INDEX = 10;
  public static final int HEADER_WRITE_INDEX = 11;

  /** The queues: to the unit, from it, and its log. */
  public static final int QUEUES = 3;

  public static final int COMMANDS = 0;
  public static final int RESPONSES = 1;

  // ---- messages to the unit; the first dword of each is its header

  public static final int MSG_INIT = 0;
  public static final int MSG_FW_VERSION = 1;
  public static final int MSG_PERF_TABLE = 4;
  public static final int MSG_TEST = 5;

  /** How many levels the table of clocks has room for, of the GPU's and of the unit's own. */
  public static final int GPU_LEVELS = 16;

  public static final int GMU_LEVELS = 4;

  /** PERF_TABLE: how many of the GPU's levels there are, and the first of them. */
  public static final int PERF_GPU_LEVELS = 1;

  public static final int PERF_GMU_LEVELS = 2;
  public static final int PERF_FIRST = 3;
  public static final int PERF_DWORDS = PERF_FIRST + 2 * (GPU_LEVELS + GMU_LEVELS);

  /** In a level of two dwords: the clock in kHz. */
  public static final int LEVEL_KHZ = 1;

  // ---- messages from the unit

  public static final int MSG_ACK = 126;

  /** ACK: the header of what it answers, then an error, 0 for none. */
  public static final int ACK_HEADER = 1;

  public static final int ACK_ERROR = 2;

  /** ACK: what was asked for. */
  public static final int ACK_PAYLOAD = 3;

  /** The most that an ACK has, and as much as a unit of the first generation sends. */
  public static final int ACK_MAX_DWORDS = ACK_PAYLOAD + 16;

  public static final int ACK_V1_DWORDS = ACK_PAYLOAD + 1;

  private GmuHfi() {}

  /** The header of a message to the unit: its id, how long it is, and its number. */
  public static int header(int id, int dwords, int number) {
    return number << 20 | dwords << 8 | id;
  }

  /** The header of an answer of a unit of the first generation: {@code HFI_MSG_ACK_V1}. */
  public static int ackHeader(int number) {
    return number << 20 | 2 << 16 | ACK_V1_DWORDS << 8 | MSG_ACK;
  }

  public static int id(int header) {
    return header & 0xff;
  }

  public static int dwords(int header) {
    return header >>> 8 & 0xff;
  }

  /** The number that its sender gave it, and that its answer repeats. */
  public static int number(int header) {
    return header >>> 20;
  }
}
