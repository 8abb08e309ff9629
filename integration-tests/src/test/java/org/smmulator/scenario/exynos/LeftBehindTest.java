package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * When the engines turn to another file, all of them turn. The check holds on a sound machine, and
 * not on one where the table of the second file never reaches one engine's sysmmu.
 */
class LeftBehindTest {
  private static final int V5_PT_BASE_PFN = 0x0c;

  /** The table of the first file: until its first job the engine sleeps. */
  private static final int BASES_THAT_ARRIVE = 1;

  /** Wires over which a sysmmu hears of its first table, and of no other. */
  private record Deaf(String sysmmu, Set<Integer> heard) implements Interposer {
    @Override
    public MmioTarget registers(DtNode device, MmioTarget registers) {
      if (!device.name().equals(sysmmu)) {
        return registers;
      }
      return new MmioTarget() {
        @Override
        public int read32(int offset) {
          return registers.read32(offset);
        }

        @Override
        public void write32(int offset, int value) {
          boolean isBase = offset == V5_PT_BASE_PFN;
          if (isBase && heard.size() < BASES_THAT_ARRIVE) {
            heard.add(value);
          }
          if (!isBase || heard.contains(value)) {
            registers.write32(offset, value);
          }
        }
      };
    }
  }

  /** Two files draw and scale in turns, at the same addresses; says what went wrong first. */
  private static String turns(Machine machine) throws Exception {
    ExynosDevice[] files = new ExynosDevice[2];
    Image[] drawn = new Image[2];
    Image[] scaled = new Image[2];
    for (int i = 0; i < 2; i++) {
      Client client = machine.host("file" + i);
      files[i] = new ExynosDevice(client, client.open("/dev/dri/renderD128"));
      drawn[i] = Tm2.image(files[i]);
      scaled[i] = Tm2.image(files[i]);
    }
    for (int round = 1; round <= 4; round++) {
      int who = round % 2;
      int color = 0xff00_0000 | round;
      try {
        G2dList.fill(drawn[who], 0, 0, Tm2.WIDTH, Tm2.HEIGHT, color).submit(files[who]);
        files[who].exec(false);
        IppRequest copy = new IppRequest().from(picture(drawn[who])).to(picture(scaled[who]));
        new ExynosIpp(files[who]).commit(0, 0, copy, 0);
      } catch (ErrnoException e) {
        return e.errno() + " in round " + round;
      }
      if (Tm2.pixel(scaled[who], 9, 9) != color) {
        return "another picture in round " + round;
      }
    }
    return "as it should be";
  }

  private static IppPicture picture(Image image) {
    return new IppPicture(image.buffer(), Format.XRGB8888, Tm2.WIDTH, Tm2.HEIGHT);
  }

  private static String turnsWith(Interposer wires) throws Exception {
    KernelConfig config = KernelConfig.defaults().with("exynos.pagetables=bind-task");
    try (Machine machine =
        Machine.on(new Boards().load("tm2")).config(config).interpose(wires).boot()) {
      machine.settle();
      return turns(machine);
    }
  }

  @Test
  void allEnginesTurnToTheOtherFile() throws Exception {
    assertThat(turnsWith(new Interposer() {})).isEqualTo("as it should be");
  }

  @Test
  void aScalerThatIsLeftBehindIsNoticed() throws Exception {
    Set<Integer> heard = new LinkedHashSet<>();

    assertThat(turnsWith(new Deaf("sysmmu@13c80000", heard))).contains("in round 2");
    assertThat(heard).hasSize(BASES_THAT_ARRIVE);
  }

  @Test
  void a2dEngineThatIsLeftBehindIsNoticed() throws Exception {
    assertThat(turnsWith(new Deaf("sysmmu@124a0000", new LinkedHashSet<>())))
        .contains("in round 2");
  }

  /** Nobody uses the third scaler, so the test would not see it: only the one that works counts. */
  @Test
  void aScalerThatDoesNothingIsNotMissed() throws Exception {
    assertThat(turnsWith(new Deaf("sysmmu@13ca0000", new LinkedHashSet<>())))
        .isEqualTo("as it should be");
  }
}
