package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * The argument of 2018 on the real driver: the GPU writes TTBR0 of context bank 0, whoever lives
 * there. The same script in each cell of {@code smmu.gpu-default-domain} and {@code
 * smmu.context-banks}: the board boots, and if there is a GPU two processes let it paint at one
 * address.
 */
class WhoHasBankZeroTest {
  private static final String GPU = "5000000.gpu";
  private static final int READ_WRITE = GemSubmitBo.READ | GemSubmitBo.WRITE;
  private static final long SECOND_NS = 1_000_000_000;

  /** A master with a default domain of its own on the GPU's SMMU. */
  private static final String DSP =
      """
      &soc {
        dsp@4f00000 {
          compatible = "test,dsp";
          reg = <0x0 0x4f00000 0x0 0x1000>;
          iommus = <&adreno_smmu 9>;
        };
      };
      """;

  @TempDir Path folder;

  /** The observation in one cell. */
  private record Seen(
      String place,
      @Nullable IommuDomain home,
      boolean mapsDirectly,
      String drawing,
      ImmutableList<String> printed) {}

  @Test
  void identityWithBank0ReservedIsToday() throws Exception {
    Seen seen = play("identity", "reserve-bank0", "");

    assertThat(seen.place()).isEqualTo("context bank 0");
    assertThat(seen.home()).isEqualTo(IommuDomain.Fixed.IDENTITY);
    assertThat(seen.mapsDirectly()).isTrue();
    assertThat(seen.drawing()).isEqualTo("apart");
    assertThat(seen.printed()).containsExactlyElementsIn(quietBoot()).inOrder();
  }

  @Test
  void identityAndFirstFreeWorksWhileTheGpuComesFirst() throws Exception {
    Seen seen = play("identity", "first-free", "");

    assertThat(seen.place()).isEqualTo("context bank 0");
    assertThat(seen.drawing()).isEqualTo("apart");
    assertThat(seen.printed()).containsExactlyElementsIn(quietBoot()).inOrder();
  }

  @Test
  void dmaWithBank0ReservedHasNoBankForTheDriverAndNoGpu() throws Exception {
    Seen seen = play("dma", "reserve-bank0", "");

    assertThat(seen.place()).isEqualTo("context bank 0"); // the default domain
    assertThat(seen.home()).isInstanceOf(IommuDomain.Paging.class);
    assertThat(seen.drawing()).isEqualTo("no GPU");
    assertThat(seen.printed())
        .containsAtLeast(
            "adreno 5000000.gpu: error -ENOSPC: no context bank in [0, 1) is free",
            "adreno 5000000.gpu: probe with driver adreno failed with error -28")
        .inOrder();
  }

  @Test
  void dmaAndFirstFreeSendsTheGpusTableToTheWrongBank() throws Exception {
    Seen seen = play("dma", "first-free", "");

    assertThat(seen.place()).isEqualTo("context bank 2"); // 0 and 1: default domains
    assertThat(seen.home()).isInstanceOf(IommuDomain.Paging.class);
    assertThat(seen.mapsDirectly()).isFalse();
    // The reader's job ran in the painter's table, where the painter's commands lie at its address.
    assertThat(seen.drawing()).isEqualTo("painter has 0xcafe, reader has 0x0");
    assertThat(seen.printed()).containsExactlyElementsIn(quietBoot()).inOrder();
  }

  @Test
  void optOutWorksWithBank0ReservedAndSaysNothing() throws Exception {
    Seen seen = play("opt-out", "reserve-bank0", "");

    assertThat(seen.place()).isEqualTo("context bank 0");
    assertThat(seen.home()).isInstanceOf(IommuDomain.Paging.class); // kept, and not attached
    assertThat(seen.mapsDirectly()).isTrue();
    assertThat(seen.drawing()).isEqualTo("apart");
    assertThat(seen.printed()).containsExactlyElementsIn(quietBoot()).inOrder();
  }

  /** The list of 2018 names the GPU; the GMU's default domain is attached before a driver comes. */
  @Test
  void optOutAndFirstFreeBreaksBecauseTheGmuTakesBank0() throws Exception {
    Seen seen = play("opt-out", "first-free", "");

    assertThat(seen.place()).isEqualTo("context bank 1");
    assertThat(seen.mapsDirectly()).isTrue();
    assertThat(seen.drawing()).isNotEqualTo("apart");
    assertThat(seen.printed()).containsExactlyElementsIn(quietBoot()).inOrder();
  }

  @Test
  void soItDoesIfAnotherMasterTookItToo() throws Exception {
    Seen seen = play("opt-out", "first-free", DSP);

    assertThat(seen.place()).isEqualTo("context bank 2");
    assertThat(seen.drawing()).isNotEqualTo("apart");
  }

  @Test
  void aReservedBankIsNobodyElsesWhoeverComesFirst() throws Exception {
    for (String home : ImmutableList.of("identity", "opt-out")) {
      Seen seen = play(home, "reserve-bank0", DSP);

      assertThat(seen.place()).isEqualTo("context bank 0");
      assertThat(seen.drawing()).isEqualTo("apart");
    }
  }

  private static ImmutableList<String> quietBoot() {
    return ImmutableList.of(
        "Machine model: Thundercomm Dragonboard 845c",
        "iommu: Default domain type: Translated",
        "iommu: DMA domain TLB invalidation policy: strict mode",
        "arm-smmu 5040000.iommu: probing hardware configuration...",
        "arm-smmu 5040000.iommu: SMMUv2 with:",
        "platform 5000000.gpu: Adding to iommu group 0",
        "platform 506a000.gmu: Adding to iommu group 1",
        "[drm] Initialized msm 1.13.0 for 5000000.gpu on minor 0");
  }

  private Seen play(String home, String banks, String changes) throws Exception {
    String[] set = {"smmu.gpu-default-domain=" + home, "smmu.context-banks=" + banks};
    try (Trial trial = Trial.derived(folder, "db845c", changes, set)) {
      IommuDomain domain = trial.group(GPU).domain();
      return new Seen(
          domain instanceof IommuDomain.Paging paging ? paging.place() : "-",
          trial.group(GPU).defaultDomain(),
          trial.device(GPU).find(DmaOps.class) == null,
          trial.device(GPU).driver() == null ? "no GPU" : draw(trial),
          trial.log());
    }
  }

  /** Two processes paint at one address; each then looks at its own page. */
  private static String draw(Trial trial) throws ErrnoException {
    MsmDevice painter = open(trial, "painter");
    MsmDevice reader = open(trial, "reader");
    MsmBuffer canvas = painter.newBuffer(Trial.PAGE, GemNew.WC);
    MsmBuffer page = reader.newBuffer(Trial.PAGE, GemNew.WC);
    try {
      assertThat(canvas.iova()).isEqualTo(page.iova());
      write(painter, canvas, 0xcafe);
      write(reader, page, 0xbeef);
    } catch (ErrnoException e) {
      trial.machine.settle();
      return e.errno().name();
    }
    trial.machine.settle();
    boolean apart = canvas.load32(0) == 0xcafe && page.load32(0) == 0xbeef;
    return apart
        ? "apart"
        : "painter has %#x, reader has %#x".formatted(canvas.load32(0), page.load32(0));
  }

  private static MsmDevice open(Trial trial, String comm) throws ErrnoException {
    var client = trial.machine.host(comm);
    return new MsmDevice(client, client.open("/dev/dri/renderD128"));
  }

  private static void write(MsmDevice gpu, MsmBuffer page, int value) throws ErrnoException {
    gpu.submit(
            MsmDevice.DEFAULT_QUEUE,
            List.of(new MsmDevice.Use(page, READ_WRITE)),
            new Pm4Stream().memWrite(page.iova(), value))
        .await(SECOND_NS);
  }
}
