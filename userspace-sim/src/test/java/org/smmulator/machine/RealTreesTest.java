package org.smmulator.machine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.BootReport;

/**
 * Constructs that the trees of real boards are full of: a device that cannot be described is left
 * out, with a line, and the board boots.
 */
class RealTreesTest {
  private static final String VIRT = "/dts-v1/;\n#include \"virt.dts\"\n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Each tree that dtc decompiles has its phandles as properties.
        "&usb0 { phandle = <0x77>; }; | Adding to iommu group",
        // Two cells for a combiner behind the GIC; four for a GIC that partitions its PPIs.
        "&soc { comb: ic@8050000 { compatible = \"example,combiner\"; #interrupt-cells = <2>; };"
            + " s@d000000 { compatible = \"samsung,exynos-sysmmu\"; reg = <0 0xd000000 0 0x1000>;"
            + " interrupt-parent = <&comb>; interrupts = <2 0>; #iommu-cells = <0>;"
            + " smmulator,version = <3 3>; }; }; | Failed to get device clock(s)!",
        "&mmc0 { interrupts-extended = <&intc 0 18 4>; }; | Adding to iommu group",
        "&soc { gic: ic { #interrupt-cells = <4>; compatible = \"arm,gic-v3\"; }; };"
            + " &usb0 { interrupt-parent = <&gic>; interrupts = <0 19 4 0>; };"
            + "| a030000.usb: Adding to iommu group",
        // An SMMU node lists more context interrupts than the silicon has banks, or too few.
        "&smmu_compute { smmulator,context-banks = <4>; }; | 4 context banks (0 stage-2 only)",
        "&smmu_compute { interrupts = <0 80 4>, <0 81 4>; };"
            + "| found only 1 context irq(s) but 8 required",
        "&smmu_compute { #global-interrupts = <0>; }; | a030000.usb: Adding to iommu group",
        "&smmu_compute { #global-interrupts = <0xffffffff>; }; | found 9 interrupts but expected",
        // An MSI controller that nobody drives.
        "&soc { its: msi@8040000 { compatible = \"arm,gic-v3-its\"; reg = <0 0x8040000 0 0x1000>;"
            + " msi-controller; #msi-cells = <1>; }; };"
            + " &smmu3 { msi-parent = <&its 0x10000>; smmulator,msi; };"
            + "| msi_domain absent - falling back to wired irqs",
        // Power domains that are votes.
        "&soc { gcc: gcc { compatible = \"example,gcc\"; #power-domain-cells = <1>; }; };"
            + " &smmu_compute { power-domains = <&gcc 6>, <&gcc 5>, <&gcc 7>; };"
            + "| a030000.usb: Adding to iommu group",
        // More PASIDs than any SMMU has.
        "&soc { x { compatible = \"example,x\"; iommus = <&smmu3 0x60>;"
            + " pasid-num-bits = <0xffffffff>; }; }; | soc@0:x: Adding to iommu group",
        // Empty references, references by path, and references to nothing.
        "&usb0 { clocks = <0>; }; | a030000.usb: Adding to iommu group",
        "/ { pmu { compatible = \"example,pmu\"; interrupt-affinity = <&{/cpus/cpu@0}>; }; };"
            + "| a030000.usb: Adding to iommu group",
        "&soc { odd { compatible = \"example,odd\"; clocks = <0x777 1>; }; };"
            + "| a030000.usb: Adding to iommu group",
        "&soc { odd { compatible = \"example,odd\"; iommus = <0x777 1>; }; };"
            + "| property 'iommus' of /soc@0/odd: cell 0 is no phandle",
        // Silicon that nothing describes, and a GPU that has no model.
        "&smmu_compute { /delete-property/ smmulator,stream-mappings; };"
            + "| 9100000.iommu: left out: nothing says what its silicon is like;"
            + " add 'smmulator,stream-mappings'",
        "&soc { g@e000000 { compatible = \"qcom,adreno-405.0\", \"qcom,adreno\";"
            + " reg = <0 0xe000000 0 0x10000>; interrupts = <0 40 4>; iommus = <&smmu3 0x50>; }; };"
            + "| e000000.g: left out: there is no model of qcom,adreno-405.0",
        // A GPU behind an IOMMU that it cannot write to: the rest of the board works.
        "&soc { g@e000000 { compatible = \"qcom,adreno-306.0\", \"qcom,adreno\";"
            + " reg = <0 0xe000000 0 0x10000>; interrupts = <0 40 4>; iommus = <&smmu3 0x50>; }; };"
            + "| e000000.g: left out: it is behind no IOMMU whose context banks a GPU can write",
        // Firmware's memory.
        "/ { reserved-memory { a@7e00f000 { reg = <0 0x7e00f000 0 0x100>; no-map; }; }; };"
            + "| a030000.usb: Adding to iommu group",
        "/ { reserved-memory { /delete-property/ ranges; }; };"
            + "| Reserved memory: unsupported node format, ignoring",
        "&video_frames { reg = <0 0x7f000000 0x7fffffff 0x400000>; };"
            + "| /reserved-memory/frames@7f000000 lies outside of memory",
        "/ { /delete-property/ model; }; | a030000.usb: Adding to iommu group",
        // PCI is left out, and says so.
        "&soc { pci { compatible = \"example,pcie\"; iommu-map = <0 &smmu3 0x100 0x100>; }; };"
            + "| iommu-map: functions 0x0-0xff are streams 0x100-0x1ff of iommu@9050000;"
            + " PCI is left out",
        "&soc { pci { compatible = \"example,pcie\";"
            + " iommu-map = <0 &smmu3 0x10 1>, <0x100 &smmu3 0x11 1>, <0x200 &smmu3 0x12 1>; }; };"
            + "| iommu-map: functions 0x0-0x200 are streams 0x10-0x12 of iommu@9050000, in 3 runs",
      })
  void whatALotOfBoardsHaveIsTaken(String tree, String line) throws Exception {
    try (Machine machine = boot(VIRT + tree)) {
      assertThat(log(machine)).contains(line);
      BootReport report = new BootReport(machine, new PrintWriter(Writer.nullWriter()));
      report.printTree();
      report.printGroups();

      machine.shutDown();
    }
  }

  @Test
  void aMasterOfAnSmmuThatIsLeftOutHasNoIommu() throws Exception {
    String tree = VIRT + "&smmu_compute { /delete-property/ smmulator,stream-mappings; };";
    try (Machine machine = boot(tree)) {
      PlatformDevice smmu = requireNonNull(machine.devices().find("9100000.iommu"));
      PlatformDevice master = requireNonNull(machine.devices().find("a030000.usb"));

      assertThat(smmu.driver()).isNull();
      assertThat(machine.iommu().groupOf(master)).isNull();
    }
  }

  @Test
  void aDeviceWhoseAddressIsNotTheCpusIsNamedByItsPath() throws Exception {
    String tree =
        VIRT
            + """
            &soc {
              syscon@c000000 {
                compatible = "example,grf", "simple-mfd";
                reg = <0x0 0xc000000 0x0 0x1000>;
                #address-cells = <1>;
                #size-cells = <0>;
                phy@e450 { compatible = "example,phy"; reg = <0xe450>; };
              };
            };
            """;
    try (Machine machine = boot(tree)) {
      assertThat(machine.devices().find("c000000.syscon:phy@e450")).isNotNull();
    }
  }

  @Test
  void memoryThatABootLoaderWouldMeasureIsAGibibyte() throws Exception {
    String tree =
        "/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;"
            + " memory@80000000 { device_type = \"memory\"; reg = <0 0x80000000 0 0>; }; };";
    try (Machine machine = boot(tree)) {
      assertThat(machine.dram().covers(0x8000_0000L, 1L << 30)).isTrue();
      assertThat(log(machine)).contains("has size 0: the boot loader fills in 1 GiB");
    }
  }

  @Test
  void aBoardWithoutMemoryHasWhatABootLoaderWouldAdd() throws Exception {
    try (Machine machine = boot("/dts-v1/; / { compatible = \"example,board\"; };")) {
      assertThat(machine.dram().covers(0x4000_0000L, 1L << 30)).isTrue();
      assertThat(log(machine)).contains("the boot loader adds 1 GiB at 0x40000000");
    }
  }

  @Test
  void memoryIsWholePagesAndWhatIsReservedIsNobodys() throws Exception {
    String tree =
        """
        /dts-v1/;
        /memreserve/ 0x40000010 0x10;
        / {
          #address-cells = <1>;
          #size-cells = <1>;
          memory@3ffff800 { reg = <0x3ffff800 0x1002000>; };
          reserved-memory {
            #address-cells = <1>;
            #size-cells = <1>;
            ranges;
            a { reg = <0x40002000 0x1800>; };
            b { reg = <0x40003000 0x1000>; };
          };
        };
        """;
    try (Machine machine = boot(tree)) {
      assertThat(machine.dram().covers(0x4000_0000L, 0x100_1000)).isTrue();
      assertThat(machine.dram().covers(0x3fff_f800L, 1)).isFalse();
      assertThat(machine.pages().ownerOf(0x4000_1000L)).isNull();
      for (long reserved : new long[] {0x4000_0000L, 0x4000_2000L, 0x4000_3000L}) {
        assertThrows(RuntimeException.class, () -> machine.pages().ownerOf(reserved));
      }
    }
  }

  /** A node of a Samsung board of 2012 and one of 2014; only the root tells which silicon it is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"samsung,exynos5250 | 3.3", "samsung,exynos5433 | 5.0"})
  void theSiliconOfAStockBoardIsKnownByItsRoot(String root, String version) throws Exception {
    String tree =
        """
        /dts-v1/;
        / {
          compatible = "example,board", "%s";
          #address-cells = <1>;
          #size-cells = <1>;
          memory@40000000 { reg = <0x40000000 0x10000000>; };
          gic: ic { #interrupt-cells = <3>; compatible = "arm,gic-400"; };
          clk: clk { #clock-cells = <1>; };
          sysmmu@11000000 {
            compatible = "samsung,exynos-sysmmu";
            reg = <0x11000000 0x1000>;
            interrupt-parent = <&gic>;
            interrupts = <0 5 4>;
            clocks = <&clk 1>;
            clock-names = "sysmmu";
            #iommu-cells = <0>;
          };
        };
        """
            .formatted(root);
    try (Machine machine = boot(tree)) {
      assertThat(log(machine)).doesNotContain("left out");
      PlatformDevice sysmmu = requireNonNull(machine.devices().find("11000000.sysmmu"));
      assertWithMessage(version).that(requireNonNull(sysmmu.driver()).name()).contains("sysmmu");
    }
  }

  /** A phone's SoC of 2016: only its root tells of the silicon, its interrupts of the banks. */
  @Test
  void anSmmuOfAStockBoardHasAsManyBanksAsInterrupts() throws Exception {
    String tree =
        """
        /dts-v1/;
        / {
          compatible = "example,phone", "qcom,msm8996";
          #address-cells = <2>;
          #size-cells = <2>;
          interrupt-parent = <&gic>;
          memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0>; };
          soc {
            compatible = "simple-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0 0 0 0xffffffff>;
            gic: ic { #interrupt-cells = <3>; compatible = "arm,gic-v3"; };
            cc: cc { #clock-cells = <1>; #power-domain-cells = <1>; };
            smmu: iommu@d00000 {
              compatible = "qcom,msm8996-smmu-v2", "qcom,smmu-v2";
              reg = <0xd00000 0x10000>;
              #global-interrupts = <1>;
              interrupts = <0 73 4>, <0 320 4>, <0 322 4>;
              #iommu-cells = <1>;
              clocks = <&cc 1>, <&cc 2>;
              clock-names = "iface", "bus";
              power-domains = <&cc 3>;
            };
            codec@e00000 { compatible = "example,codec"; reg = <0xe00000 0x100>; iommus = <&smmu 0>; };
          };
        };
        """;
    try (Machine machine = boot(tree)) {
      assertThat(log(machine)).contains("d00000.iommu: \t2 context banks (0 stage-2 only)");
      assertThat(log(machine)).contains("e00000.codec: Adding to iommu group");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/ { m { device_type = \"memory\"; reg = <0 0x7fff0000 0 0x20000>; }; };"
            + "| memory 0x7fff0000-0x8000ffff overlaps 0x40000000-0x7fffffff",
        "/ { m { device_type = \"memory\"; reg = <0xffff0000 0 0 0x1000>; }; };"
            + "| ends beyond 48 bits of addresses",
        "/ { m { device_type = \"memory\"; reg = <0xffffffff 0xfffff000 0 0x2000>; }; };"
            + "| end beyond every address",
        "&usb0 { reg = <0 0x50000000 0 0x1000>; }; | where memory is (0x40000000-0x7fffffff)",
        "&usb0 { reg = <0 0xa020000 0 0x1000>; }; | where another device has its own",
        "&usb0 { reg = <0 0xa030000 0 4>; }; | are no register window",
        "&usb0 { reg = <0xffffffff 0xfffff000 0 0x2000>; }; | end beyond every address",
        "&usb0 { interrupts = <7 19 4>; }; | a GIC knows no interrupts of type 7",
        "&usb0 { interrupts = <0 988 4>; }; | a GIC has no SPI 988",
        "&usb0 { interrupts = <1 16 4>; }; | a GIC has no PPI 16",
        "&usb0 { interrupts = <0 0xffffffff 4>; }; | a GIC has no SPI 4294967295",
        "&usb0 { interrupts = <0 19>; }; | expected a multiple of 3 cells",
        "/ { #address-cells = <0xffffffff>; }; | expected at most 4, found 4294967295",
        "&copy0 { dma-channels = <0x7fffffff>; }; | 2147483647 channels",
        "&copy0 { pasid-num-bits = <0xffffffff>; }; | -1 substream bits",
        "&mmc0 { smmulator,card-blocks = <0x7fffffff>; }; | a card of 2147483647 blocks",
        "&v2m { smmulator,msi-num-spis = <0x7fffffff>; }; | the last SPI has the number 1019",
        "&copy2 { smmulator,kept-translations = <0x7fffffff>; }; | expected at most 65536",
        "&smmu3 { smmulator,queue-bits = <0x7fffffff 8 8>; }; | such an SMMU cannot be made",
        "&smmu3 { smmulator,stream-id-bits = <0x7fffffff>; }; | such an SMMU cannot be made",
        "&smmu_all { smmulator,register-space = <0>; }; | expected a number above 0",
        "&smmu_all { smmulator,snoops = <2>; }; | expected <0> or <1>",
        "&usb0 { a = <1>; /* }; | this comment is not closed",
        "&usb0 { a = /bits/ 1600000000 <1>; }; | cells of 1600000000 bits",
        "&usb0 { iommus = <0x777 1>; }; | cell 0 is no phandle",
        "&soc { g { #iommu-cells = <0x7fffffff>; phandle = <0x77>; }; };"
            + " &usb0 { iommus = <0x77 1>; }; | wants 2147483647 cells after it",
        "&intc { interrupt-parent = <&v2m>; /delete-property/ #interrupt-cells; };"
            + " &v2m { interrupt-parent = <&intc>; };"
            + "| its interrupt parents refer to each other in a circle",
      })
  void whatCannotBeIsRefusedWithItsPlace(String tree, String why) throws Exception {
    assertThat(refusal(VIRT + tree)).contains(why);
  }

  @Test
  void whatIsTooMuchIsRefusedWithItsPlace() throws Exception {
    String start = "/dts-v1/;\n/ { a = <";
    assertThat(refusal(start + "(".repeat(20_000))).contains("nests more than 200 levels deep");
    assertThat(refusal(start + "(" + "~".repeat(20_000))).contains("nests more than 200 levels");
    assertThat(refusal("/dts-v1/;\n/ {" + "n{".repeat(3_000)))
        .contains("nodes nest more than 62 levels deep");
    assertThat(refusal("/dts-v1/;\n" + "[".repeat(1_000_000))).contains("to start the root node");
    assertThat(refusal("/dts-v1/;\n/ { l: x {}; a = <&" + "q".repeat(1_000_000) + ">; };"))
        .contains("there is no label");
    assertThat(refusal("/dts-v1/;\n#include \"board.dts\"")).contains("includes nest too deep");
  }

  @Test
  void aFileThatNeverEndsOrCannotBeNamedIsRefused() throws Exception {
    Path endless = Files.createSymbolicLink(folder.resolve("zero.dts"), Path.of("/dev/zero"));

    assertThat(assertThrows(BadInputException.class, () -> new Boards().load(endless.toString())))
        .hasMessageThat()
        .contains("is no regular file");
    assertThat(assertThrows(BadInputException.class, () -> new Boards().load("a\0b.dts")))
        .hasMessageThat()
        .contains("no file can have the name 'a?b.dts'");
    assertThrows(BadInputException.class, () -> new Boards().load("a\0b"));
    assertThat(refusal("/dts-v1/;\n#include \"a\0b.dtsi\"")).contains("there is no file");
  }

  private String refusal(String tree) {
    var e = assertThrows(BadInputException.class, () -> boot(tree).close());
    assertThat(e).hasMessageThat().containsMatch("^\\S+[.]dtsi?:[0-9]+:[0-9]+: ");
    return String.valueOf(e.getMessage());
  }

  private Machine boot(String tree) throws Exception {
    Path file = Files.writeString(folder.resolve("board.dts"), tree, UTF_8);
    return Machine.on(new Boards().load(file.toString())).boot();
  }

  private static String log(Machine machine) {
    StringBuilder log = new StringBuilder();
    machine.dmesg().lines().forEach(line -> log.append(line).append('\n'));
    return log.toString();
  }
}
