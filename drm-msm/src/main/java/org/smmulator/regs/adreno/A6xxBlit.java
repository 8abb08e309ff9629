package org.smmulator.regs.adreno;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an Adreno 6xx that say what CP_BLIT copies or fills: its 2D engine. Kernel:
 * {@code a6xx.xml}, whose numbers count dwords, and {@code a6xx_enums.xml} for formats.
 */
public final class A6xxBlit {
  private static final RegisterMap GPU = new RegisterMap("A6XX A2D");

  public static final Reg32 GRAS_A2D_BLT_CNTL = reg("GRAS_A2D_BLT_CNTL", 0x8400);
  public static final Field ROTATE = GRAS_A2D_BLT_CNTL.bits("ROTATE", 2, 0);

  /** Fill with RB_A2D_CLEAR_COLOR, rather than copy. */
  public static final Field SOLID_COLOR = GRAS_A2D_BLT_CNTL.bit("SOLID_COLOR", 7);

  public static final Field SCISSOR = GRAS_A2D_BLT_CNTL.bit("SCISSOR", 16);

  public static final Reg32 GRAS_A2D_SRC_XMIN = reg("GRAS_A2D_SRC_XMIN", 0x8401);
  public static final Reg32 GRAS_A2D_SRC_XMAX = reg("GRAS_A2D_SRC_XMAX", 0x8402);
  public static final Reg32 GRAS_A2D_SRC_YMIN = reg("GRAS_A2D_SRC_YMIN", 0x8403);
  public static final Reg32 GRAS_A2D_SRC_YMAX = reg("GRAS_A2D_SRC_YMAX", 0x8404);

  /** The lowest bit of a source's coordinate, which is signed; a fraction is below. */
  public static final int SRC_SHIFT = 8;

  /** The first pixel of the destination: X in bits 13:0, Y in bits 29:16. */
  public static final Reg32 GRAS_A2D_DEST_TL = reg("GRAS_A2D_DEST_TL", 0x8405);

  /** The last pixel, inclusive. */
  public static final Reg32 GRAS_A2D_DEST_BR = reg("GRAS_A2D_DEST_BR", 0x8406);

  public static final Reg32 GRAS_A2D_SCISSOR_TL = reg("GRAS_A2D_SCISSOR_TL", 0x840a);
  public static final Reg32 GRAS_A2D_SCISSOR_BR = reg("GRAS_A2D_SCISSOR_BR", 0x840b);

  public static final Reg32 RB_A2D_BLT_CNTL = reg("RB_A2D_BLT_CNTL", 0x8c00);
  public static final Reg32 RB_A2D_PIXEL_CNTL = reg("RB_A2D_PIXEL_CNTL", 0x8c01);

  /** The fields of TPL1_A2D_SRC_TEXTURE_INFO stand in the same bits. */
  public static final Reg32 RB_A2D_DEST_BUFFER_INFO = reg("RB_A2D_DEST_BUFFER_INFO", 0x8c17);

  public static final Field COLOR_FORMAT = RB_A2D_DEST_BUFFER_INFO.bits("COLOR_FORMAT", 7, 0);
  public static final Field TILE_MODE = RB_A2D_DEST_BUFFER_INFO.bits("TILE_MODE", 9, 8);
  public static final Field COLOR_SWAP = RB_A2D_DEST_BUFFER_INFO.bits("COLOR_SWAP", 11, 10);
  public static final Field FLAGS = RB_A2D_DEST_BUFFER_INFO.bit("FLAGS", 12);
  public static final Field SRGB = RB_A2D_DEST_BUFFER_INFO.bit("SRGB", 13);
  public static final Field SAMPLES = RB_A2D_DEST_BUFFER_INFO.bits("SAMPLES", 15, 14);

  public static final Reg64 RB_A2D_DEST_BUFFER_BASE =
      GPU.reg64("RB_A2D_DEST_BUFFER_BASE", 0x8c18 << 2);

  /** In units of 64 bytes. */
  public static final Reg32 RB_A2D_DEST_BUFFER_PITCH = reg("RB_A2D_DEST_BUFFER_PITCH", 0x8c1a);

  /** A register for each channel. */
  public static final Reg32 RB_A2D_CLEAR_COLOR =
      GPU.array32("RB_A2D_CLEAR_COLOR", 0x8c2c << 2, Integer.BYTES, 4);

  public static final Reg32 SP_A2D_OUTPUT_INFO = reg("SP_A2D_OUTPUT_INFO", 0xacc0);

  public static final Reg32 TPL1_A2D_SRC_TEXTURE_INFO = reg("TPL1_A2D_SRC_TEXTURE_INFO", 0xb4c0);

  public static final Reg32 TPL1_A2D_SRC_TEXTURE_SIZE = reg("TPL1_A2D_SRC_TEXTURE_SIZE", 0xb4c1);

  public static final Reg64 TPL1_A2D_SRC_TEXTURE_BASE =
      GPU.reg64("TPL1_A2D_SRC_TEXTURE_BASE", 0xb4c2 << 2);

  public static final Reg32 TPL1_A2D_SRC_TEXTURE_PITCH = reg("TPL1_A2D_SRC_TEXTURE_PITCH", 0xb4c4);

  /** In units of 64 bytes. */
  public static final Field SRC_PITCH = TPL1_A2D_SRC_TEXTURE_PITCH.bits("PITCH", 23, 9);

  private A6xxBlit() {}

  private static Reg32 reg(String name, int index) {
    return GPU.reg32(name, index << 2);
  }
}
