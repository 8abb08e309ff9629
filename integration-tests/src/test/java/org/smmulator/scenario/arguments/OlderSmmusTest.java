package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.report.BootReport;

/**
 * SMMUs of 32-bit days on a board: the tables follow the kernel's build, version 1 does with less,
 * and firmware may list the masters in the SMMU's own node.
 */
class OlderSmmusTest {
  private static final String ENGINE = "a000000.copy";

  private static final String VERSION_2 =
      """
      compatible = "arm,smmu-v2";
      #iommu-cells = <1>;
      interrupts = <0 80 4>, <0 81 4>, <0 82 4>, <0 83 4>, <0 84 4>;
      smmulator,upstream-bits = <49>;
      smmulator,granules = <0x1000>;
      smmulator,short-descriptors;
      smmulator,extended-stream-ids;
      smmulator,stream-id-bits = <16>;
      smmulator,wide-vmids;
      """;

  /** Stage 2, and one interrupt for four banks. */
  private static final String MMU_400 =
      """
      compatible = "arm,mmu-400", "arm,smmu-v1";
      interrupts = <0 80 4>, <0 81 4>;
      smmulator,stream-id-bits = <15>;
      smmulator,no-stage-1;
      smmulator,stage-2;
      """;

  @TempDir Path folder;

  @Test
  void theTablesAreThoseOfTheKernelsCpu() throws Exception {
    ImmutableMap<String, Long> sizes =
        ImmutableMap.of("arm64", 0x4020_1000L, "arm-lpae", 0x4020_1000L, "arm", 0x0111_1000L);
    ImmutableMap<String, Long> ends =
        ImmutableMap.of("arm64", 0xffff_ffff_ffffL, "arm-lpae", -1L >>> 32, "arm", -1L >>> 32);
    for (String build : sizes.keySet()) {
      try (Trial trial = boot(VERSION_2, "iommus = <&smmu 0x9005>;", "kernel.build=" + build)) {
        IommuDomain.Paging domain = (IommuDomain.Paging) trial.group(ENGINE).domain();

        assertWithMessage(build)
            .that(requireNonNull(domain).pgsizeBitmap())
            .isEqualTo(sizes.get(build));
        assertWithMessage(build).that(domain.geometry().apertureEnd()).isEqualTo(ends.get(build));
        copies(trial);
      }
    }
  }

  @Test
  void anMmu400TranslatesInStage2() throws Exception {
    try (Trial trial = boot(MMU_400 + "#iommu-cells = <1>;", "iommus = <&smmu 5>;")) {
      assertThat(trial.log()).contains("arm-smmu 9000000.iommu: SMMUv1 with:");
      assertThat(trial.group(ENGINE).type()).isEqualTo("DMA");
      copies(trial);
    }
  }

  @Test
  void whoIsOnlyListedByAnSmmuIsNotTranslated() throws Exception {
    try (Trial trial = boot(MMU_400 + "mmu-masters = <&copy 5>;", "#stream-id-cells = <1>;")) {
      assertThat(trial.group(ENGINE).type()).isEqualTo("identity");
      copies(trial);
      StringWriter report = new StringWriter();
      new BootReport(trial.machine, new PrintWriter(report)).printTree();
      assertThat(report.toString()).containsMatch("a000000.copy .*9000000.iommu.*passthrough");
    }
  }

  @Test
  void aBoardThatSaysItBothWaysLosesTheSecondSmmu() throws Exception {
    String other =
        """
        };
        second: iommu@9100000 {
          reg = <0x9100000 0x10000>;
          compatible = "arm,mmu-400";
          #global-interrupts = <1>;
          interrupts = <0 90 4>, <0 91 4>;
          #iommu-cells = <1>;
          smmulator,context-banks = <4>;
          smmulator,stream-mappings = <8>;
          smmulator,stream-id-bits = <15>;
          smmulator,output-bits = <40>;
        """;
    try (Trial trial =
        boot(MMU_400 + "mmu-masters = <&copy 5>;" + other, "#stream-id-cells = <1>;")) {
      assertThat(trial.log())
          .contains("arm-smmu 9100000.iommu: not probing due to mismatched DT properties");
      copies(trial);
    }
  }

  /** A copy engine behind one SMMU; what both nodes have besides is the test's. */
  private static String board(String smmu, String engine) {
    return """
    /dts-v1/;
    / {
      model = "an engine behind an older SMMU";
      #address-cells = <1>;
      #size-cells = <1>;
      memory@80000000 { device_type = "memory"; reg = <0x80000000 0x4000000>; };
      smmu: iommu@9000000 {
        reg = <0x9000000 0x10000>;
        #global-interrupts = <1>;
        smmulator,context-banks = <4>;
        smmulator,stream-mappings = <8>;
        smmulator,output-bits = <40>;
        %s
      };
      copy: copy@a000000 {
        compatible = "smmulator,copy-engine";
        reg = <0xa000000 0x1000>;
        interrupts = <0 16 4>;
        dma-channels = <1>;
        %s
      };
    };
    """
        .formatted(smmu, engine);
  }

  private Trial boot(String smmu, String engine, String... set) throws Exception {
    Path board = folder.resolve("older.dts");
    Files.writeString(board, board(smmu, engine));
    return Trial.on(board.toString(), set);
  }

  /** Bytes go through the engine by the DMA API. */
  private static void copies(Trial trial) {
    DmaApi dma = trial.machine.dma();
    trial.inKernel(() -> {
      long from = trial.pages(1);
      long to = trial.pages(1);
      trial.machine.dram().putInt(from, 0x600d);
      long source = dma.mapPage(trial.device(ENGINE), from, Trial.PAGE, TO_DEVICE);
      long target = dma.mapPage(trial.device(ENGINE), to, Trial.PAGE, FROM_DEVICE);

      trial.copy(ENGINE).copy(source, target, 4, CopyController.NO_PASID);

      assertThat(trial.machine.dram().getInt(to)).isEqualTo(0x600d);
      dma.unmapPage(trial.device(ENGINE), source, Trial.PAGE, TO_DEVICE);
      dma.unmapPage(trial.device(ENGINE), target, Trial.PAGE, FROM_DEVICE);
    });
  }
}
