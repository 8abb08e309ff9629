package org.smmulator.hw.adreno;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.adreno.GpuBench.DATA;
import static org.smmulator.hw.adreno.GpuBench.data32;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.regs.adreno.A6xxBlit;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/** Fills and copies against the plainest ones that there can be, byte by byte. */
class A2dEngineTest {
  private static final int PITCH = 256;
  private static final int ROWS = 16;
  private static final int SOURCE = PITCH * ROWS;
  private static final int[] BLIT = {Pm4.packet(Pm4Opcode.BLIT, 1), 3};

  private GpuBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new GpuBench();
    set(A6xxBlit.RB_A2D_DEST_BUFFER_PITCH, PITCH / 64);
    set(A6xxBlit.TPL1_A2D_SRC_TEXTURE_PITCH, A6xxBlit.SRC_PITCH.of(PITCH / 64));
    bench.mmio.write64(A6xxBlit.RB_A2D_DEST_BUFFER_BASE.offset(), DATA);
    bench.mmio.write64(A6xxBlit.TPL1_A2D_SRC_TEXTURE_BASE.offset(), DATA + SOURCE);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void set(Reg32 reg, int value) {
    bench.mmio.write32(reg.offset(), value);
  }

  private void format(int format) {
    set(A6xxBlit.RB_A2D_DEST_BUFFER_INFO, A6xxBlit.COLOR_FORMAT.of(format));
    set(A6xxBlit.TPL1_A2D_SRC_TEXTURE_INFO, A6xxBlit.COLOR_FORMAT.of(format));
  }

  private void destination(int left, int top, int right, int bottom) {
    set(A6xxBlit.GRAS_A2D_DEST_TL, top << 16 | left);
    set(A6xxBlit.GRAS_A2D_DEST_BR, bottom << 16 | right);
  }

  private byte[] memory(int from, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      int at = from + i;
      bytes[i] = (byte) (bench.dram.getInt(DATA + (at & -4)) >>> (8 * (at & 3)));
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"0x03,1,1", "0x0f,2,1", "0x30,4,1", "0x18,1,2", "0x46,2,2", "0x4b,1,4", "0x83,4,4"})
  void aFillHasTheColourInEveryPixelOfItsRectangle(String format, int channels, int bytes) {
    format(Integer.decode(format));
    destination(3, 2, 9, 6);
    set(A6xxBlit.GRAS_A2D_BLT_CNTL, A6xxBlit.SOLID_COLOR.mask());
    int[] color = {0x04030201, 0x14131211, 0x24232221, 0x34333231};
    for (int i = 0; i < color.length; i++) {
      bench.mmio.write32(A6xxBlit.RB_A2D_CLEAR_COLOR.offset(i), color[i]);
    }

    bench.run(BLIT);

    byte[] seen = memory(0, SOURCE);
    for (int at = 0; at < SOURCE; at++) {
      int x = at % PITCH / (channels * bytes);
      int y = at / PITCH;
      int inPixel = at % (channels * bytes);
      boolean in = x >= 3 && x <= 9 && y >= 2 && y <= 6;
      byte expected = (byte) (in ? color[inPixel / bytes] >>> (8 * (inPixel % bytes)) : 0);
      assertWithMessage("%s", at).that(seen[at]).isEqualTo(expected);
    }
    assertThat(bench.gpu.work()).isEqualTo(new GpuWork(0, 0, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({"0x03,1", "0x0f,2", "0x30,4", "0x67,8", "0x82,16"})
  void aCopyMovesARectangleAndNothingBesideIt(String format, int pixel) {
    Random random = new Random(pixel);
    for (int i = 0; i < SOURCE; i += 4) {
      bench.dram.putInt(DATA + SOURCE + i, random.nextInt());
    }
    format(Integer.decode(format));
    destination(1, 3, 8, 7);
    set(A6xxBlit.GRAS_A2D_SRC_XMIN, 5 << 8);
    set(A6xxBlit.GRAS_A2D_SRC_XMAX, 12 << 8);
    set(A6xxBlit.GRAS_A2D_SRC_YMIN, 8 << 8);
    set(A6xxBlit.GRAS_A2D_SRC_YMAX, 12 << 8);
    set(A6xxBlit.GRAS_A2D_BLT_CNTL, 0);

    bench.run(BLIT);

    byte[] source = memory(SOURCE, SOURCE);
    byte[] seen = memory(0, SOURCE);
    for (int at = 0; at < SOURCE; at++) {
      int x = at % PITCH / pixel;
      int y = at / PITCH;
      boolean in = x >= 1 && x <= 8 && y >= 3 && y <= 7;
      byte expected = in ? source[at + 4 * pixel + 5 * PITCH] : 0;
      assertWithMessage("%s", at).that(seen[at]).isEqualTo(expected);
    }
  }

  @Test
  void aScissorKeepsTheRestAsItWas() {
    format(0x4b);
    destination(0, 0, 15, 15);
    set(A6xxBlit.GRAS_A2D_SCISSOR_TL, 2 << 16 | 2);
    set(A6xxBlit.GRAS_A2D_SCISSOR_BR, 2 << 16 | 3);
    set(A6xxBlit.GRAS_A2D_BLT_CNTL, A6xxBlit.SOLID_COLOR.mask() | A6xxBlit.SCISSOR.mask());
    bench.mmio.write32(A6xxBlit.RB_A2D_CLEAR_COLOR.offset(0), 7);

    bench.run(BLIT);

    int row = 2 * PITCH / 4;
    assertThat(bench.data(row + 1)).isEqualTo(0);
    assertThat(bench.data(row + 2)).isEqualTo(7);
    assertThat(bench.data(row + 3)).isEqualTo(7);
    assertThat(bench.data(row + 4)).isEqualTo(0);
    assertThat(bench.data(row + PITCH / 4 + 2)).isEqualTo(0);
  }

  @Test
  void tilesMoveNothingAndAreCounted() {
    set(
        A6xxBlit.RB_A2D_DEST_BUFFER_INFO,
        A6xxBlit.COLOR_FORMAT.of(0x30) | A6xxBlit.TILE_MODE.of(3));
    destination(0, 0, 1, 1);
    set(A6xxBlit.GRAS_A2D_BLT_CNTL, A6xxBlit.SOLID_COLOR.mask());
    bench.mmio.write32(A6xxBlit.RB_A2D_CLEAR_COLOR.offset(0), 7);

    bench.run(BLIT);

    assertThat(bench.data(0)).isEqualTo(0);
    assertThat(bench.gpu.work()).isEqualTo(new GpuWork(0, 0, 0, 1));
  }

  @Test
  void drawsAndDispatchesAreCounted() {
    bench.run(
        Pm4.packet(Pm4Opcode.DRAW_INDX_OFFSET, 3),
        0,
        1,
        3,
        Pm4.packet(Pm4Opcode.EXEC_CS, 4),
        0,
        1,
        1,
        1);

    assertThat(bench.gpu.work()).isEqualTo(new GpuWork(1, 1, 0, 0));
    assertThat(bench.busy()).isFalse();
  }

  @Test
  void aGroupOfTheDrawStateRunsBeforeTheNextDrawAndOnce() {
    bench.fill(DATA + 0x100, Pm4.packet(Pm4Opcode.MEM_WRITE, 3), data32(0), 0, 5);

    bench.run(Pm4.packet(Pm4Opcode.SET_DRAW_STATE, 3), 0x00700004, data32(64), 0);
    assertThat(bench.data(0)).isEqualTo(0);
    bench.run(Pm4.packet(Pm4Opcode.DRAW_INDX_OFFSET, 3), 0, 1, 3);
    assertThat(bench.data(0)).isEqualTo(5);

    bench.dram.putInt(DATA, 0);
    bench.run(Pm4.packet(Pm4Opcode.DRAW_INDX_OFFSET, 3), 0, 1, 3);
    assertThat(bench.data(0)).isEqualTo(0);
  }

  @Test
  void aPredicateDecidesAboutTheDwordsBehindIt() {
    bench.mmio.write32(0x883 * 4, 0b100);
    int[] skipUnlessSet = {Pm4.packet(Pm4Opcode.COND_REG_EXEC, 2), 1 << 28, 4};

    bench.run(
        GpuBench.join(
            new int[] {Pm4.packet(Pm4Opcode.REG_TEST, 1), 2 << 20 | 0x883},
            skipUnlessSet,
            GpuBench.store(0, 1),
            new int[] {Pm4.packet(Pm4Opcode.REG_TEST, 1), 1 << 20 | 0x883},
            skipUnlessSet,
            GpuBench.store(1, 1),
            GpuBench.store(2, 1)));

    assertThat(bench.data(0)).isEqualTo(1);
    assertThat(bench.data(1)).isEqualTo(0);
    assertThat(bench.data(2)).isEqualTo(1);
  }

  @Test
  void registersAreWrittenAndWaitedFor() {
    bench.run(
        Pm4.packet(Pm4Opcode.REG_WRITE, 3),
        2,
        0x884,
        0x42,
        Pm4.packet(Pm4Opcode.WAIT_REG_EQ, 4),
        0x884,
        0x42,
        0xff,
        16,
        Pm4.packet(Pm4Opcode.WAIT_TWO_REGS, 3),
        0x884,
        0x885,
        0);

    assertThat(bench.mmio.read32(0x884 * 4)).isEqualTo(0x42);
    assertThat(bench.busy()).isFalse();
  }
}
