package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_gem_cpu_prep}: waits until the CPU may access a buffer.
 *
 * @param handle the GEM handle
 * @param op a mask of {@link #READ}, {@link #WRITE}, {@link #NOSYNC} and {@link #BOOST}
 * @param timeout until when to wait
 */
public record GemCpuPrep(int handle, int op, MsmTimespec timeout) {
  public static final int READ = 1;
  public static final int WRITE = 2;

  /** Ask, do not wait. */
  public static final int NOSYNC = 4;

  /** Raise the GPU's frequency meanwhile. */
  public static final int BOOST = 8;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_gem_cpu_prep",
          U32.withName("handle"),
          U32.withName("op"),
          MsmTimespec.LAYOUT.withName("timeout"));

  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long OP_OFFSET = offsetof(LAYOUT, "op");
  public static final long TIMEOUT_OFFSET = offsetof(LAYOUT, "timeout");

  /** Decodes the struct at {@code at}. */
  public static GemCpuPrep read(MemorySegment memory, long at) {
    return new GemCpuPrep(
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U32, at + OP_OFFSET),
        MsmTimespec.read(memory, at + TIMEOUT_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U32, at + OP_OFFSET, op);
    timeout.write(memory, at + TIMEOUT_OFFSET);
  }
}
