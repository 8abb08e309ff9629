package org.smmulator.drm.msm.rd;

/**
 * The types of sections. A section is its type and its size, 4 bytes each, and then its bytes, all
 * little-endian. Kernel: {@code enum rd_sect_type}; those that the kernel never writes are left
 * out.
 */
public enum RdSection {
  /** Text: who submitted. */
  CMD(2),

  /** A buffer: the low half of its address, its size, the high half. */
  GPUADDR(3),

  /** Commands: the low half of their address, their size in dwords, the high half. */
  CMDSTREAM_ADDR(6),

  /** The bytes of the buffer of the section before. */
  BUFFER_CONTENTS(12),

  GPU_ID(13),

  CHIP_ID(14);

  private final int number;

  RdSection(int number) {
    this.number = number;
  }

  /** The type as it is in a recording. */
  public int number() {
    return number;
  }
}
