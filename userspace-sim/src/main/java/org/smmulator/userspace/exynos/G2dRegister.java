package org.smmulator.userspace.exynos;

/** The registers that a list of commands may set: {@code fimg2d_reg.h} of libdrm. */
public enum G2dRegister {
  BITBLT_COMMAND(0x104),
  BLEND_FUNCTION(0x108),
  ROUND_MODE(0x10c),
  ROTATE(0x200),
  SRC_MASK_DIRECT(0x204),
  DST_PAT_DIRECT(0x208),
  SRC_SELECT(0x300),
  SRC_BASE_ADDR(0x304),
  SRC_STRIDE(0x308),
  SRC_COLOR_MODE(0x30c),
  SRC_LEFT_TOP(0x310),
  SRC_RIGHT_BOTTOM(0x314),
  SRC_PLANE2_BASE_ADDR(0x318),
  SRC_REPEAT_MODE(0x31c),
  SRC_PAD_VALUE(0x320),
  SRC_A8_RGB_EXT(0x324),
  SRC_SCALE_CTRL(0x328),
  SRC_XSCALE(0x32c),
  SRC_YSCALE(0x330),
  DST_SELECT(0x400),
  DST_BASE_ADDR(0x404),
  DST_STRIDE(0x408),
  DST_COLOR_MODE(0x40c),
  DST_LEFT_TOP(0x410),
  DST_RIGHT_BOTTOM(0x414),
  DST_PLANE2_BASE_ADDR(0x418),
  DST_A8_RGB_EXT(0x41c),
  PAT_BASE_ADDR(0x500),
  PAT_SIZE(0x504),
  PAT_COLOR_MODE(0x508),
  PAT_OFFSET(0x50c),
  PAT_STRIDE(0x510),
  MASK_BASE_ADDR(0x520),
  MASK_STRIDE(0x524),
  MASK_LEFT_TOP(0x528),
  MASK_RIGHT_BOTTOM(0x52c),
  MASK_MODE(0x530),
  MASK_REPEAT_MODE(0x534),
  MASK_PAD_VALUE(0x538),
  MASK_SCALE_CTRL(0x53c),
  MASK_XSCALE(0x540),
  MASK_YSCALE(0x544),
  CW_LT(0x600),
  CW_RB(0x604),
  THIRD_OPERAND(0x610),
  ROP4(0x614),
  ALPHA(0x618),
  FG_COLOR(0x700),
  BG_COLOR(0x704),
  BS_COLOR(0x708),
  SF_COLOR(0x70c),
  SRC_COLORKEY_CTRL(0x710),
  SRC_COLORKEY_DR_MIN(0x714),
  SRC_COLORKEY_DR_MAX(0x718),
  DST_COLORKEY_CTRL(0x71c),
  DST_COLORKEY_DR_MIN(0x720),
  DST_COLORKEY_DR_MAX(0x724);

  private final int offset;

  G2dRegister(int offset) {
    this.offset = offset;
  }

  /** Its offset in the window of the engine's registers. */
  public int offset() {
    return offset;
  }
}
