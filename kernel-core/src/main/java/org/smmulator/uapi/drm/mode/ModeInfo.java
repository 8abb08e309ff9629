package org.smmulator.uapi.drm.mode;

import static org.smmulator.uapi.CStruct.U16;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;
import static org.smmulator.uapi.CStruct.text;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.smmulator.uapi.CStruct;

/**
 * {@code struct drm_mode_modeinfo}: a display mode: timings in pixels and lines.
 *
 * @param clock pixel clock in kHz
 * @param vrefresh Hz, for people; the clock counts
 * @param flags a mask of {@code FLAG_*}
 * @param type a mask of {@code TYPE_*}
 */
public record ModeInfo(
    int clock,
    int hdisplay,
    int hsyncStart,
    int hsyncEnd,
    int htotal,
    int hskew,
    int vdisplay,
    int vsyncStart,
    int vsyncEnd,
    int vtotal,
    int vscan,
    int vrefresh,
    int flags,
    int type,
    String name) {
  /** The panel's own mode. */
  public static final int TYPE_PREFERRED = 1 << 3;

  public static final int TYPE_USERDEF = 1 << 5;

  /** The driver made it. */
  public static final int TYPE_DRIVER = 1 << 6;

  public static final int TYPE_ALL = TYPE_PREFERRED | TYPE_USERDEF | TYPE_DRIVER;

  public static final int FLAG_PHSYNC = 1;

  public static final int FLAG_NHSYNC = 1 << 1;

  public static final int FLAG_PVSYNC = 1 << 2;

  public static final int FLAG_NVSYNC = 1 << 3;

  public static final int FLAG_INTERLACE = 1 << 4;

  public static final int FLAG_DBLSCAN = 1 << 5;

  /** Each pixel is sent twice. */
  public static final int FLAG_DBLCLK = 1 << 12;

  /** Which of the stereo layouts. */
  public static final int FLAG_3D_MASK = 0x1f << 14;

  /** The aspect ratio, for clients that ask for it. */
  public static final int FLAG_PIC_AR_MASK = 0xf << 19;

  /** {@code DRM_MODE_FLAG_ALL}: all but aspect ratios, broadcast and multiplexing. */
  public static final int FLAG_ALL = 0x33ff | FLAG_3D_MASK;

  public static final StructLayout LAYOUT =
      struct(
          "drm_mode_modeinfo",
          U32.withName("clock"),
          U16.withName("hdisplay"),
          U16.withName("hsync_start"),
          U16.withName("hsync_end"),
          U16.withName("htotal"),
          U16.withName("hskew"),
          U16.withName("vdisplay"),
          U16.withName("vsync_start"),
          U16.withName("vsync_end"),
          U16.withName("vtotal"),
          U16.withName("vscan"),
          U32.withName("vrefresh"),
          U32.withName("flags"),
          U32.withName("type"),
          text("name", 32));

  private static final long CLOCK = offsetof(LAYOUT, "clock");
  private static final long HDISPLAY = offsetof(LAYOUT, "hdisplay");
  private static final long HSYNC_START = offsetof(LAYOUT, "hsync_start");
  private static final long HSYNC_END = offsetof(LAYOUT, "hsync_end");
  private static final long HTOTAL = offsetof(LAYOUT, "htotal");
  private static final long HSKEW = offsetof(LAYOUT, "hskew");
  private static final long VDISPLAY = offsetof(LAYOUT, "vdisplay");
  private static final long VSYNC_START = offsetof(LAYOUT, "vsync_start");
  private static final long VSYNC_END = offsetof(LAYOUT, "vsync_end");
  private static final long VTOTAL = offsetof(LAYOUT, "vtotal");
  private static final long VSCAN = offsetof(LAYOUT, "vscan");
  private static final long VREFRESH = offsetof(LAYOUT, "vrefresh");
  private static final long FLAGS = offsetof(LAYOUT, "flags");
  private static final long TYPE = offsetof(LAYOUT, "type");
  private static final long NAME = offsetof(LAYOUT, "name");

  /** Decodes the struct at {@code at}. */
  public static ModeInfo read(MemorySegment memory, long at) {
    return new ModeInfo(
        memory.get(U32, at + CLOCK),
        Short.toUnsignedInt(memory.get(U16, at + HDISPLAY)),
        Short.toUnsignedInt(memory.get(U16, at + HSYNC_START)),
        Short.toUnsignedInt(memory.get(U16, at + HSYNC_END)),
        Short.toUnsignedInt(memory.get(U16, at + HTOTAL)),
        Short.toUnsignedInt(memory.get(U16, at + HSKEW)),
        Short.toUnsignedInt(memory.get(U16, at + VDISPLAY)),
        Short.toUnsignedInt(memory.get(U16, at + VSYNC_START)),
        Short.toUnsignedInt(memory.get(U16, at + VSYNC_END)),
        Short.toUnsignedInt(memory.get(U16, at + VTOTAL)),
        Short.toUnsignedInt(memory.get(U16, at + VSCAN)),
        memory.get(U32, at + VREFRESH),
        memory.get(U32, at + FLAGS),
        memory.get(U32, at + TYPE),
        CStruct.readText(memory, at + NAME, 32));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + CLOCK, clock);
    memory.set(U16, at + HDISPLAY, (short) hdisplay);
    memory.set(U16, at + HSYNC_START, (short) hsyncStart);
    memory.set(U16, at + HSYNC_END, (short) hsyncEnd);
    memory.set(U16, at + HTOTAL, (short) htotal);
    memory.set(U16, at + HSKEW, (short) hskew);
    memory.set(U16, at + VDISPLAY, (short) vdisplay);
    memory.set(U16, at + VSYNC_START, (short) vsyncStart);
    memory.set(U16, at + VSYNC_END, (short) vsyncEnd);
    memory.set(U16, at + VTOTAL, (short) vtotal);
    memory.set(U16, at + VSCAN, (short) vscan);
    memory.set(U32, at + VREFRESH, vrefresh);
    memory.set(U32, at + FLAGS, flags);
    memory.set(U32, at + TYPE, type);
    CStruct.writeText(memory, at + NAME, 32, name);
  }
}
