package org.smmulator.uapi.msm;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_msm_vm_bind_op}: one change of an address space.
 *
 * @param op {@link #UNMAP}, {@link #MAP} or {@link #MAP_NULL}
 * @param handle the GEM handle; zero unless it is mapped
 * @param objOffset bytes from the start of the buffer
 * @param iova the first address
 * @param range how many bytes
 * @param flags 0 or {@link #DUMP}
 * @param pad not looked at
 */
public record VmBindOp(
    int op, int handle, long objOffset, long iova, long range, int flags, int pad) {
  public static final int UNMAP = 0;
  public static final int MAP = 1;

  /** Addresses that read as zero, and lose what is written. */
  public static final int MAP_NULL = 2;

  /** A flag: the bytes are part of crash dumps. */
  public static final int DUMP = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_msm_vm_bind_op",
          U32.withName("op"),
          U32.withName("handle"),
          U64.withName("obj_offset"),
          U64.withName("iova"),
          U64.withName("range"),
          U32.withName("flags"),
          U32.withName("pad"));

  public static final long OP_OFFSET = offsetof(LAYOUT, "op");
  public static final long HANDLE_OFFSET = offsetof(LAYOUT, "handle");
  public static final long OBJ_OFFSET_OFFSET = offsetof(LAYOUT, "obj_offset");
  public static final long IOVA_OFFSET = offsetof(LAYOUT, "iova");
  public static final long RANGE_OFFSET = offsetof(LAYOUT, "range");
  public static final long FLAGS_OFFSET = offsetof(LAYOUT, "flags");
  public static final long PAD_OFFSET = offsetof(LAYOUT, "pad");

  /** Decodes the struct at {@code at}. */
  public static VmBindOp read(MemorySegment memory, long at) {
    return new VmBindOp(
        memory.get(U32, at + OP_OFFSET),
        memory.get(U32, at + HANDLE_OFFSET),
        memory.get(U64, at + OBJ_OFFSET_OFFSET),
        memory.get(U64, at + IOVA_OFFSET),
        memory.get(U64, at + RANGE_OFFSET),
        memory.get(U32, at + FLAGS_OFFSET),
        memory.get(U32, at + PAD_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + OP_OFFSET, op);
    memory.set(U32, at + HANDLE_OFFSET, handle);
    memory.set(U64, at + OBJ_OFFSET_OFFSET, objOffset);
    memory.set(U64, at + IOVA_OFFSET, iova);
    memory.set(U64, at + RANGE_OFFSET, range);
    memory.set(U32, at + FLAGS_OFFSET, flags);
    memory.set(U32, at + PAD_OFFSET, pad);
  }
}
