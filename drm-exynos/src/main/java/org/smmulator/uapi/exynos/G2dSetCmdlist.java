package org.smmulator.uapi.exynos;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct drm_exynos_g2d_set_cmdlist}: adds a list of commands to those that {@link G2dExec}
 * runs.
 *
 * @param cmd points to {@code cmdNr} of {@link G2dCmd}
 * @param cmdBuf points to {@code cmdBufNr} of them that set base addresses
 * @param cmdNr how many
 * @param cmdBufNr how many
 * @param eventType whether an event is wanted when the list is done
 * @param userData handed back in that event
 */
public record G2dSetCmdlist(
    long cmd, long cmdBuf, int cmdNr, int cmdBufNr, long eventType, long userData) {
  /** {@code G2D_EVENT_NOT}. */
  public static final int EVENT_NOT = 0;

  /** {@code G2D_EVENT_NONSTOP}. */
  public static final int EVENT_NONSTOP = 1;

  public static final StructLayout LAYOUT =
      struct(
          "drm_exynos_g2d_set_cmdlist",
          U64.withName("cmd"),
          U64.withName("cmd_buf"),
          U32.withName("cmd_nr"),
          U32.withName("cmd_buf_nr"),
          U64.withName("event_type"),
          U64.withName("user_data"));

  public static final long CMD_OFFSET = offsetof(LAYOUT, "cmd");
  public static final long CMD_BUF_OFFSET = offsetof(LAYOUT, "cmd_buf");
  public static final long CMD_NR_OFFSET = offsetof(LAYOUT, "cmd_nr");
  public static final long CMD_BUF_NR_OFFSET = offsetof(LAYOUT, "cmd_buf_nr");
  public static final long EVENT_TYPE_OFFSET = offsetof(LAYOUT, "event_type");
  public static final long USER_DATA_OFFSET = offsetof(LAYOUT, "user_data");

  /** Decodes the struct at {@code at}. */
  public static G2dSetCmdlist read(MemorySegment memory, long at) {
    return new G2dSetCmdlist(
        memory.get(U64, at + CMD_OFFSET),
        memory.get(U64, at + CMD_BUF_OFFSET),
        memory.get(U32, at + CMD_NR_OFFSET),
        memory.get(U32, at + CMD_BUF_NR_OFFSET),
        memory.get(U64, at + EVENT_TYPE_OFFSET),
        memory.get(U64, at + USER_DATA_OFFSET));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U64, at + CMD_OFFSET, cmd);
    memory.set(U64, at + CMD_BUF_OFFSET, cmdBuf);
    memory.set(U32, at + CMD_NR_OFFSET, cmdNr);
    memory.set(U32, at + CMD_BUF_NR_OFFSET, cmdBufNr);
    memory.set(U64, at + EVENT_TYPE_OFFSET, eventType);
    memory.set(U64, at + USER_DATA_OFFSET, userData);
  }
}
