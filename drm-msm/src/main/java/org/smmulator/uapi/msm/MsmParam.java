package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_param}: a property of the GPU to read or write.
 *
 * @param pipe {@link #PIPE_3D0}; no other pipe has properties
 * @param param which property: one of the constants here
 * @param value the value, or the user pointer to it
 * @param len size in bytes of what {@code value} points to; zero if it is the value itself
 * @param pad must be zero
 */
public record MsmParam(int pipe, int param, long value, int len, int pad) {
  public static final int PIPE_NONE = 0x00;
  public static final int PIPE_2D0 = 0x01;
  public static final int PIPE_2D1 = 0x02;
  public static final int PIPE_3D0 = 0x10;

  /** The bits of a submit's flags that name the pipe. */
  public static final int PIPE_ID_MASK = 0xffff;

  public static final int GPU_ID = 0x01;
  public static final int GMEM_SIZE = 0x02;
  public static final int CHIP_ID = 0x03;
  public static final int MAX_FREQ = 0x04;
  public static final int TIMESTAMP = 0x05;
  public static final int GMEM_BASE = 0x06;

  /** Number of priority levels; once called NR_RINGS. */
  public static final int PRIORITIES = 0x07;

  /** Deprecated: always reads as zero. */
  public static final int PP_PGTABLE = 0x08;

  public static final int FAULTS = 0x09;
  public static final int SUSPENDS = 0x0a;

  /** Write only. */
  public static final int SYSPROF = 0x0b;

  /** Write only, by pointer. */
  public static final int COMM = 0x0c;

  /** Write only, by pointer. */
  public static final int CMDLINE = 0x0d;

  public static final int VA_START = 0x0e;
  public static final int VA_SIZE = 0x0f;
  public static final int HIGHEST_BANK_BIT = 0x10;
  public static final int RAYTRACING = 0x11;
  public static final int UBWC_SWIZZLE = 0x12;
  public static final int MACROTILE_MODE = 0x13;
  public static final int UCHE_TRAP_BASE = 0x14;
  public static final int HAS_PRR = 0x15;

  /** Write only, once. */
  public static final int EN_VM_BIND = 0x16;

  public static final int AQE = 0x17;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_param",
          U32.withName("pipe"),
          U32.withName("param"),
          U64.withName("value"),
          U32.withName("len"),
          U32.withName("pad"));

  public static final long PIPE_OFFSET = offsetof(LAYOUT, "pipe");
  public static final long PARAM_OFFSET = offsetof(LAYOUT, "param");
  public static final long VALUE_OFFSET = offsetof(LAYOUT, "value");
  public static final long LEN_OFFSET = offsetof(LAYOUT, "len");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static MsmParam read(MemorySegment memory, long at) {
    return new MsmParam(
        memory.get(U32, at + PIPE_OFFSET),
        memory.get(U32, at + PARAM_OFFSET),
        memory.get(U64, at + VALUE_OFFSET),
        memory.get(U32, at + LEN_OFFSET),
        memory.get(U32, at + PAD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + PIPE_OFFSET, pipe);
    memory.set(U32, at + PARAM_OFFSET, param);
    memory.set(U64, at + VALUE_OFFSET, value);
    memory.set(U32, at + LEN_OFFSET, len);
    memory.set(U32, at + PAD_OFFSET, pad);
  }
}
