package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.engines.CopyController;
import org.smmulator.engines.UsbController;
import org.smmulator.engines.VideoController;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.engines.VideoRegs;

/**
 * The argument of 2015 on SMMUs of different granules: a scatterlist of single 4K pages behind one
 * of 4K and 16K, and a video engine with its carve-out behind one of 16K. {@code iommu.pgsize} says
 * whose page sizes count, {@code iommu.map-split} who cuts a range into leaves.
 */
class WhosePageSizesTest {
  /** A copy engine walks the list, as a host controller would; another sits beside the video. */
  private static final String ENGINES =
      """
      &copy0 { iommus = <&smmu_video 0x10>; };
      &copy1 { iommus = <&smmu_compute 0x11>; };
      """;

  /** Only the two SMMUs of the argument. */
  private static final String TWO_SMMUS =
      ENGINES
          + """
          &smmu3 { status = "disabled"; };
          &smmu_coarse { status = "disabled"; };
          &smmu_all { status = "disabled"; };
          &copy2 { status = "disabled"; };
          &msi0 { status = "disabled"; };
          &mmc0 { status = "disabled"; };
          &usb1 { status = "disabled"; };
          """;

  private static final String BESIDE_VIDEO = "a000000.copy";
  private static final String HOST = "a050000.copy";
  private static final String USB = "a030000.usb";
  private static final String VIDEO = "a040000.video";

  private static final long SIZES_OF_4K = 0x1000L | 0x20_0000L | 0x4000_0000L;
  private static final long SIZES_OF_16K = 0x4000L | 0x200_0000L;
  private static final long SIZES_OF_64K = 0x1_0000L | 0x2000_0000L;

  private static final long SOURCE = 0x1000_0000L;
  private static final long TARGET = 0x3000_0000L;
  private static final int PAGES = 8;
  private static final int READ_WRITE = IommuProt.READ | IommuProt.WRITE;

  @TempDir Path folder;

  /**
   * Observes two SMMUs of different granules: whether the card host's list of single pages can be
   * mapped with the IOMMU API, whether a USB controller works whose driver uses the DMA API, and
   * whether the video engine's carve-out can be mapped.
   */
  @ParameterizedTest
  @CsvSource({
    "per-domain, core-batched,           works,  works,  works",
    "per-domain, core-page-at-a-time,    works,  works,  works",
    "per-domain, driver,                 works,  works,  works",
    "per-domain, driver-lies,            works,  works,  works",
    "merged,     core-batched,           works,  works,  works",
    "merged,     core-page-at-a-time,    works,  works,  works",
    "merged,     driver,                 works,  works,  works",
    "merged,     driver-lies,            works,  works,  works",
    // 16K is all that they have in common. The USB controller's own domain had 4K before the second
    // SMMU came, and its ring cannot be mapped there any more.
    "global,     core-batched,           EINVAL, no driver, works",
    "global,     core-page-at-a-time,    EINVAL, no driver, works",
    // The driver gets the range before the core has looked at it. The USB controller's table has
    // 4K; the card host's own domain, which was made last, has a table of 16K that refuses the
    // list.
    "global,     driver,                 EINVAL, works,  works",
    "global,     driver-lies,            EINVAL, no driver, works",
    // The video's domain is promised 4K and 2M. What the USB controller's list has mapped page by
    // page is unmapped by 16K, which its table refuses: the next list finds it in the way.
    "global-or,  core-batched,           works,  EINVAL, no driver",
    "global-or,  core-page-at-a-time,    works,  EINVAL, no driver",
    // A driver that gets the whole range keeps to the sizes of its table.
    "global-or,  driver,                 works,  works,  works",
    "global-or,  driver-lies,            works,  works,  works",
  })
  void whoseSizesCountAndWhoCutsTheRange(
      String pgsize, String split, String list, String usb, String video) throws Exception {
    try (Trial trial =
        Trial.derived(
            folder, "virt", TWO_SMMUS, "iommu.pgsize=" + pgsize, "iommu.map-split=" + split)) {
      assertWithMessage("list").that(scatterList(trial)).isEqualTo(list);
      assertWithMessage("usb").that(usb(trial)).isEqualTo(usb);
      assertWithMessage("video").that(video(trial)).isEqualTo(video);
    }
  }

  @Test
  void globalWithAndHasNoSizeAtAllAsSoonAsOneSmmuHas64kOnly() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", ENGINES, "iommu.pgsize=global")) {
      assertThat(scatterList(trial)).isEqualTo("EINVAL");
      assertThat(video(trial)).isEqualTo("no driver");

      assertThat(trial.log())
          .contains(
              "video-engine a040000.video: error -EINVAL: the IOMMUs have no page size in common");
    }
  }

  @Test
  void globalWithAndOf4kAnd16kBeside16kSaysWhatCannotBeMapped() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", TWO_SMMUS, "iommu.pgsize=global")) {
      assertThat(scatterList(trial)).isEqualTo("EINVAL");
      assertThat(String.join("\n", trial.log())).contains("min_pagesz 0x4000");
    }
  }

  @Test
  void globalWithOrPromisesTheVideoWhatItsHardwareLacks() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", TWO_SMMUS, "iommu.pgsize=global-or")) {
      assertThat(trial.log())
          .contains(
              "WARNING: drivers/iommu/io-pgtable-arm.c at arm_lpae_map_pages: page size 0x200000");
      assertThat(trial.log())
          .contains(
              "video-engine a040000.video: probe with driver video-engine failed with error"
                  + " -22");
    }
  }

  /** A page that is mapped in a domain that nobody has attached yet, which then somebody does. */
  @ParameterizedTest
  @CsvSource({
    "per-domain, core-batched,        EINVAL",
    "per-domain, driver,              EINVAL",
    "merged,     core-batched,        works",
    "merged,     core-page-at-a-time, works",
    "merged,     driver,              works",
    "merged,     driver-lies,         works",
    "global,     core-batched,        EINVAL",
    "global,     driver,              EINVAL",
    "global-or,  core-batched,        EINVAL",
    "global-or,  driver-lies,         EINVAL",
  })
  void mapBeforeTheFirstAttach(String pgsize, String split, String outcome) throws Exception {
    try (Trial trial =
        Trial.derived(
            folder, "virt", TWO_SMMUS, "iommu.pgsize=" + pgsize, "iommu.map-split=" + split)) {
      Iommu iommu = trial.machine.iommu();
      String seen =
          trial.outcome(() -> {
            long page = trial.pages(1);
            IommuDomain.Paging early = iommu.allocGeneric(trial.device(HOST));
            iommu.map(early, SOURCE, page, Trial.PAGE, READ_WRITE);
            iommu.map(early, TARGET, page, Trial.PAGE, READ_WRITE);
            assertThat(iommu.unmap(early, TARGET, Trial.PAGE)).isEqualTo(Trial.PAGE);

            iommu.attach(early, trial.device(HOST));

            assertThat(iommu.iovaToPhys(early, SOURCE)).isEqualTo(page);
            assertThat(iommu.iovaToPhys(early, TARGET)).isEqualTo(0);
          });
      assertThat(seen).isEqualTo(outcome);
    }
  }

  @Test
  void mergedKeepsAMappingFromBeforeTheFirstAttachWhereItCan() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", ENGINES, "iommu.pgsize=merged")) {
      Iommu iommu = trial.machine.iommu();
      trial.inKernel(() -> {
        long page = trial.pages(1);
        IommuDomain.Paging early = iommu.allocGeneric(trial.device(HOST));
        iommu.map(early, SOURCE, page, Trial.PAGE, READ_WRITE);
        assertErrno(EINVAL, () -> iommu.pageSizes(early)); // unreadable, not zero

        iommu.attach(early, trial.device(HOST));

        assertThat(iommu.pageSizes(early)).isEqualTo(SIZES_OF_4K);
        trial.machine.dram().putLong(page, 0xcafe);
        trial.copy(HOST).copy(SOURCE, SOURCE + 64, 8, CopyController.NO_PASID);
        assertThat(trial.machine.dram().getLong(page + 64)).isEqualTo(0xcafe);
      });
    }
  }

  @Test
  void mergedRefusesTheAttachWhereSuchAMappingCannotBeKept() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", ENGINES, "iommu.pgsize=merged")) {
      Iommu iommu = trial.machine.iommu();
      trial.inKernel(() -> {
        IommuDomain home = requireNonNull(iommu.domainOf(trial.device(BESIDE_VIDEO)));
        IommuDomain.Paging early = iommu.allocGeneric(trial.device(BESIDE_VIDEO));
        iommu.map(early, SOURCE, trial.pages(1), Trial.PAGE, READ_WRITE);

        assertErrno(EINVAL, () -> iommu.attach(early, trial.device(BESIDE_VIDEO)));
        assertThat(iommu.domainOf(trial.device(BESIDE_VIDEO))).isSameInstanceAs(home);
      });
    }
  }

  @Test
  void perDomainRefusesTheMappingBecauseNotEvenTheFormatIsKnown() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", ENGINES)) {
      Iommu iommu = trial.machine.iommu();
      trial.inKernel(() -> {
        IommuDomain.Paging early = iommu.allocGeneric(trial.device(HOST));
        assertErrno(EINVAL, () -> iommu.pageSizes(early));
        assertErrno(EINVAL, () -> iommu.map(early, SOURCE, 0x4000, Trial.PAGE, READ_WRITE));
        assertErrno(EOPNOTSUPP, () -> iommu.allocForGroup(trial.group(HOST)));
      });
    }
  }

  @Test
  void aDomainForAGroupIsFinalFromTheStartAndRefusedElsewhere() throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", ENGINES, "iommu.pgsize=merged")) {
      Iommu iommu = trial.machine.iommu();
      trial.inKernel(() -> {
        IommuDomain.Paging own = iommu.allocForGroup(trial.group(HOST));
        assertThat(iommu.pageSizes(own)).isEqualTo(SIZES_OF_4K);
        IommuDomain.Paging coarse = iommu.allocForGroup(trial.group(BESIDE_VIDEO));
        assertThat(iommu.pageSizes(coarse)).isEqualTo(SIZES_OF_16K);
        long page = trial.pages(1);
        iommu.map(own, SOURCE, page, Trial.PAGE, READ_WRITE);

        assertErrno(EINVAL, () -> iommu.attach(own, trial.device(USB))); // same SMMU
        assertErrno(EINVAL, () -> iommu.attach(own, trial.device(BESIDE_VIDEO)));
        iommu.attach(own, trial.device(HOST));

        trial.machine.dram().putLong(page, 0xbeef);
        trial.copy(HOST).copy(SOURCE, SOURCE + 64, 8, CopyController.NO_PASID);
        assertThat(trial.machine.dram().getLong(page + 64)).isEqualTo(0xbeef);
      });
    }
  }

  /** A boot under it makes default domains for groups, and a generic one for the video. */
  @Test
  void underMergedDefaultDomainsAreForTheirGroupsAndTheVideoDriversIsGeneric() throws Exception {
    for (String side : List.of("per-domain", "merged")) {
      try (Trial trial = Trial.derived(folder, "virt", ENGINES, "iommu.pgsize=" + side)) {
        Iommu iommu = trial.machine.iommu();
        VideoController video =
            requireNonNull(trial.device("a040000.video").find(VideoController.class));
        IommuDomain.Paging own = requireNonNull(video.domain());
        assertThat(trial.group("a040000.video").domain()).isSameInstanceAs(own);
        assertThat(iommu.pageSizes(own)).isEqualTo(SIZES_OF_16K);
        IommuDomain home = requireNonNull(trial.group(HOST).defaultDomain());
        trial.inKernel(() -> {
          if (side.equals("merged")) {
            assertErrno(EINVAL, () -> iommu.attach(home, trial.device(USB)));
          } else {
            iommu.attach(home, trial.device(USB));
          }
        });
      }
    }
  }

  @Test
  void anInstanceOfAllGranulesWhoseTableIsMadeWith64kLeaves64kAnd512m() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      Iommu iommu = trial.machine.iommu();
      Device device = trial.device("a060000.usb");
      trial.inKernel(() -> {
        IommuDomain.Paging domain = iommu.allocPaging(device);
        iommu.restrictPageSizes(domain, 0x1_0000L | 0x2000_0000L);
        iommu.attach(domain, device);

        assertThat(iommu.pageSizes(domain)).isEqualTo(SIZES_OF_64K);
        assertErrno(EINVAL, () -> iommu.map(domain, SOURCE, 0x4000, Trial.PAGE, READ_WRITE));
        iommu.map(domain, SOURCE, 0x8_0000, 0x1_0000, READ_WRITE);
        iommu.detach(domain, device);
        iommu.free(domain);

        IommuDomain.Paging free = iommu.allocPaging(device);
        iommu.attach(free, device);
        assertThat(iommu.pageSizes(free)).isEqualTo(SIZES_OF_4K);
      });
    }
  }

  @Test
  void whoeverCutsTheRangeTheTableIsTheSameAndOnlyTheCallsDiffer() throws Exception {
    List<String> tables = new ArrayList<>();
    // Three small pages, two blocks of 2 MiB, five small pages.
    assertThat(calls("core-batched", tables)).isEqualTo(3);
    assertThat(calls("core-page-at-a-time", tables)).isEqualTo(3 + 2 + 5);
    assertThat(calls("driver", tables)).isEqualTo(1);
    // The largest aligned power of two at a time: 4K, 8K, 2M, 2M, 16K, 4K.
    assertThat(calls("driver-lies", tables)).isEqualTo(6);

    assertThat(tables.getFirst())
        .isEqualTo(
            """
            0x00000000001fd000-0x00000000001fffff -> 0x00000001001fd000 3 x 4K rw
            0x0000000000200000-0x00000000005fffff -> 0x0000000100200000 2 x 2M rw
            0x0000000000600000-0x0000000000604fff -> 0x0000000100600000 5 x 4K rw
            """);
    assertThat(ImmutableSet.copyOf(tables)).hasSize(1);
  }

  private static long calls(String split, List<String> tables) throws Exception {
    long start = 0x1fd000;
    long pa = 0x1_0000_0000L + start;
    long sizeBytes = 3 * 0x1000 + 2 * 0x20_0000 + 5 * 0x1000;
    try (Trial trial = Trial.on("virt", "iommu.map-split=" + split)) {
      Iommu iommu = trial.machine.iommu();
      Device device = trial.device(USB);
      IommuDomain.Paging domain = iommu.allocPaging(device);
      trial.inKernel(() -> {
        iommu.attach(domain, device);
        iommu.map(domain, start, pa, sizeBytes, READ_WRITE);
      });
      long calls = domain.driverCalls();
      tables.add(trial.read("/sys/kernel/debug/iommu/" + trial.group(USB).id() + "/table"));

      trial.inKernel(() -> assertThat(iommu.unmap(domain, start, sizeBytes)).isEqualTo(sizeBytes));
      assertThat(domain.driverCalls()).isEqualTo(2 * calls);
      return calls;
    }
  }

  // ---- the script

  /** Maps a list of single pages that lie apart as one run of iovas, and sends it to another. */
  private static String scatterList(Trial trial) {
    return trial.outcome(() -> {
      Iommu iommu = trial.machine.iommu();
      IommuDomain.Paging domain = iommu.allocPaging(trial.device(HOST));
      iommu.attach(domain, trial.device(HOST));
      long from = trial.pages(2 * PAGES);
      long to = trial.pages(2 * PAGES);
      var _ = iommu.mapSg(domain, SOURCE, everySecondPage(from), IommuProt.READ);
      var _ = iommu.mapSg(domain, TARGET, everySecondPage(to), READ_WRITE);
      for (int i = 0; i < PAGES; i++) {
        trial.machine.dram().putLong(from + (2L * i + 1) * Trial.PAGE, 0x100 + i);
      }

      trial.copy(HOST).copy(SOURCE, TARGET, PAGES * Trial.PAGE, CopyController.NO_PASID);

      for (int i = 0; i < PAGES; i++) {
        assertThat(trial.machine.dram().getLong(to + (2L * i + 1) * Trial.PAGE))
            .isEqualTo(0x100 + i);
      }
    });
  }

  /** A controller whose driver uses the DMA API sends single pages to its function, and reads. */
  private static String usb(Trial trial) {
    UsbController usb = trial.device(USB).find(UsbController.class);
    if (usb == null) {
      return "no driver";
    }
    return trial.outcome(() -> {
      long from = trial.pages(2 * PAGES);
      long to = trial.pages(2 * PAGES);
      trial.machine.dram().putLong(from + Trial.PAGE, 0xcafe);

      assertThat(usb.out(everySecondPage(from))).isEqualTo(PAGES * Trial.PAGE);
      assertThat(usb.in(everySecondPage(to))).isEqualTo(PAGES * Trial.PAGE);

      assertThat(trial.machine.dram().getLong(to + Trial.PAGE)).isEqualTo(0xcafe);
    });
  }

  private static ScatterList everySecondPage(long run) {
    ScatterList list = new ScatterList();
    for (int i = 0; i < PAGES; i++) {
      list.add(run + (2L * i + 1) * Trial.PAGE, Trial.PAGE);
    }
    return list;
  }

  /** Has the video engine make the negative of what is in its carve-out. */
  private static String video(Trial trial) {
    VideoController video = trial.device(VIDEO).find(VideoController.class);
    if (video == null) {
      return "no driver";
    }
    return trial.outcome(() -> {
      trial.machine.dram().putLong(video.sourcePa() + 64, 0x1234_5678_9abc_def0L);
      video.run(640, 480, 640, VideoRegs.INVERT);
      assertThat(trial.machine.dram().getLong(video.resultPa() + 64))
          .isEqualTo(~0x1234_5678_9abc_def0L);
    });
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
