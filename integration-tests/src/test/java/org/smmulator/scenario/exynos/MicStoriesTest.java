package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.regs.mic.DispSysregRegs;
import org.smmulator.regs.mic.MicRegs;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;

/**
 * MIC in the path of tm2's panel: what its driver writes, when it has power, and what the panel
 * shows without it. Kernel: exynos_drm_mic.c; the bits are those of that file.
 */
class MicStoriesTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0xff00;

  private KmsTrial trial;
  private PlatformDevice mic;
  private Mmio registers;
  private Mmio sysreg;

  @BeforeEach
  void boot() throws Exception {
    trial = KmsTrial.on("tm2");
    mic = trial.board.device("13930000.mic");
    registers = mic.registers(0);
    sysreg = mic.syscon("samsung,disp-syscon");
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private int read(Mmio from, Reg32 register) throws Exception {
    int[] value = new int[1];
    assertThat(trial.board.inKernel(() -> value[0] = from.read(register))).isEmpty();
    return value[0];
  }

  private void leadPast() throws Exception {
    assertThat(
            trial.board.inKernel(() ->
                sysreg.write(DispSysregRegs.DSD_CFG_MUX, DispSysregRegs.TE_UNMASK_GLOBAL.mask())))
        .isEmpty();
  }

  @Test
  void theBootBindsItBetweenTheLinkAndTheVirtualDisplay() {
    assertThat(mic.driver()).isNotNull();
    assertThat(trial.board.log()).contains("bound 13930000.mic (ops exynos_mic_component_ops)");
    assertThat(mic.pm().isActive()).isFalse();
  }

  @Test
  void aModeIsSetInItBeforeTheFirstFrameThatCounts() throws Exception {
    trial.light(trial.picture(RED));

    assertThat(mic.pm().isActive()).isTrue();
    assertThat(read(registers, MicRegs.IMG_SIZE)).isEqualTo(Tm2.HEIGHT << 16 | Tm2.WIDTH);
    assertThat(read(registers, MicRegs.OUTPUT_TIMING_2)).isEqualTo(Tm2.WIDTH / 2);
    assertThat(read(registers, MicRegs.OP)).isEqualTo(1 << 30 | 1 << 16 | 1 << 1 | 1);
    assertThat(read(registers, MicRegs.V_TIMING_0)).isEqualTo(0); // the panel has memory
    assertThat(read(sysreg, DispSysregRegs.DSD_CFG_MUX)).isEqualTo(1 << 13 | 1 << 5 | 1 << 1);
    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(RED);
  }

  @Test
  void itHasNoPowerWhileTheDisplayIsOff() throws Exception {
    int red = trial.picture(RED);
    trial.light(red);

    trial.mode.atomic(List.of(trial.crtcSet("ACTIVE", 0)), ModeAtomic.ALLOW_MODESET, 0);

    assertThat(mic.pm().isActive()).isFalse();
    assertThat(read(sysreg, DispSysregRegs.DSD_CFG_MUX)).isEqualTo(1 << 13);
    trial.light(red);
    assertThat(mic.pm().isActive()).isTrue();
    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(RED);
  }

  /** The controller goes on: its frames, vblanks and flips are as before, and nobody sees them. */
  @Test
  void whileFramesAreLedPastItThePanelKeepsWhatItShows() throws Exception {
    trial.light(trial.picture(RED));

    leadPast();
    long seen = trial.board.panel().frames();
    trial.mode.pageFlip(trial.crtc, trial.picture(GREEN), ModeCrtcPageFlip.EVENT, 7);

    assertThat(trial.mode.readEvents().getFirst().userData()).isEqualTo(7);
    assertThat(trial.board.panel().frames()).isEqualTo(seen);
    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(RED);
  }

  @Test
  void theNextModeLeadsFramesThroughItAgain() throws Exception {
    leadPast();

    trial.light(trial.picture(RED));

    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(RED);
  }

  @Test
  void theCardGoesWithItAndItsPowerToo() throws Exception {
    trial.light(trial.picture(RED));

    assertThat(trial.board.inKernel(() -> trial.board.machine.devices().unbind(mic))).isEmpty();
    trial.board.machine.settle();

    assertThat(mic.pm().isActive()).isFalse();
    assertThat(trial.board.panel().pixel(0, 0)).isEqualTo(0);
    trial.compositor.exit();

    assertThat(trial.board.inKernel(() -> trial.board.machine.devices().bind(mic))).isEmpty();
    trial.board.machine.settle();
    assertThat(trial.board.log()).contains("bound 13930000.mic");
    trial.board.machine.shutDown();
    assertThat(trial.board.machine.leakedPages()).isEmpty();
  }
}
