package org.smmulator.iommu;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EPERM;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;

/** Whose page sizes count, on one IOMMU of 4 KiB pages and one of 16 KiB pages. */
class PageSizePolicyTest {
  private static final long SMALL = 0x20_1000;
  private static final long LARGE = 0x200_4000;

  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            compute: iommu@100 { #iommu-cells = <1>; };
            media: iommu@200 { #iommu-cells = <1>; };
            usb@1 { iommus = <&compute 1>; };
            video@2 { iommus = <&media 1>; };
          };
          """);

  private TestKernel kernel;
  private Iommu iommu;
  private FakeIommuDriver driver;
  private Device usb;
  private Device video;

  @BeforeEach
  void boot() throws Exception {
    boot(new PageSizePolicy.PerDomain());
  }

  private void boot(PageSizePolicy policy) throws Exception {
    if (kernel != null) {
      kernel.close();
    }
    kernel =
        new TestKernel(
            TestKernel.WITHOUT_DMA_LAYER, IommuDesign.today(new DmaLayer.None()).with(policy));
    iommu = kernel.iommu;
    driver = new FakeIommuDriver(iommu);
    driver.instanceSizes.put("100.iommu", SMALL);
    driver.instanceSizes.put("200.iommu", LARGE);
    usb = device("/usb@1");
    video = device("/video@2");
    kernel.run(() -> {
      iommu.bus().register(new IommuDevice(device("/iommu@100"), driver));
      iommu.bus().register(new IommuDevice(device("/iommu@200"), driver));
      iommu.bus().deviceAdded(usb);
      iommu.bus().deviceAdded(video);
    });
  }

  @AfterEach
  void shutDown() {
    kernel.close();
  }

  @Test
  void perDomainADomainForNobodyHasNoSizesAndTakesNoMapping() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(usb);
      assertErrno(EINVAL, () -> iommu.pageSizes(domain));
      assertErrno(EINVAL, () -> iommu.map(domain, 0x1000, 0x1000, 0x1000, 1));

      iommu.attach(domain, usb);
      assertThat(iommu.pageSizes(domain)).isEqualTo(SMALL);
      assertErrno(EOPNOTSUPP, () -> iommu.allocForGroup(group(usb)));
    });
  }

  @Test
  void mergedPromisesAMappingBeforeAnyoneKnowsTheFormatAndKeepsItWhereItCan() throws Exception {
    boot(new PageSizePolicy.Merged());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(usb);
      iommu.map(domain, 0x1000, 0x8000_1000L, 0x1000, 1);
      assertErrno(EINVAL, () -> iommu.pageSizes(domain)); // unreadable, not zero

      iommu.attach(domain, usb);
      assertThat(driver.domains.getLast().calls).containsExactly("map 0x1000 0x1000 x 1");
    });
  }

  @Test
  void mergedBreaksItsPromiseOnAnInstanceOfLargerPages() throws Exception {
    boot(new PageSizePolicy.Merged());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(video);
      iommu.map(domain, 0x1000, 0x8000_1000L, 0x1000, 1);
      driver.nextSizes = LARGE;

      assertErrno(EINVAL, () -> iommu.attach(domain, video));
      assertThat(iommu.domainOf(video)).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });
  }

  @Test
  void aDomainForAGroupIsFinalAndRefusedElsewhere() throws Exception {
    boot(new PageSizePolicy.Merged());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocForGroup(group(usb));
      assertThat(iommu.pageSizes(domain)).isEqualTo(SMALL);
      iommu.map(domain, 0x1000, 0x1000, 0x1000, 1);

      assertErrno(EINVAL, () -> iommu.attach(domain, video));
      iommu.attach(domain, usb);
    });
  }

  @Test
  void andLeavesNothingOfSmallPagesBesideLargeOnes() throws Exception {
    boot(new PageSizePolicy.GlobalAnd());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocPaging(usb);
      iommu.attach(domain, usb);
      assertErrno(EINVAL, () -> iommu.pageSizes(domain));
      assertErrno(EINVAL, () -> iommu.map(domain, 0x1000, 0x1000, 0x1000, 1));
    });
  }

  @Test
  void orPromisesEveryoneEverything() throws Exception {
    boot(new PageSizePolicy.GlobalOr());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocPaging(video);
      assertThat(iommu.pageSizes(domain)).isEqualTo(SMALL | LARGE);

      iommu.attach(domain, video);
      iommu.map(domain, 0x1000, 0x8000_1000L, 0x1000, 1);
      assertThat(driver.domains.getLast().calls).containsExactly("map 0x1000 0x1000 x 1");
    });
  }

  /**
   * All that is asked of a domain that was made for nobody goes to the real one once it is there.
   */
  @Test
  void aDomainForNobodyIsEmptyUntilItsFirstAttachMakesTheRealOne() throws Exception {
    boot(new PageSizePolicy.Merged());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(usb);
      iommu.map(domain, 0x1000, 0x8000_1000L, 0x4000, 1);
      assertThat(iommu.unmap(domain, 0x2000, 0x2000)).isEqualTo(0x2000);
      assertThat(iommu.iovaToPhys(domain, 0x1000)).isEqualTo(0);
      assertThat(domain.pagetableBase()).isEqualTo(0);
      assertThat(domain.geometry().forceAperture()).isFalse();
      assertThat(domain.explain(0x1000).pa()).isEmpty();
      assertThat(leaves(domain)).isEmpty();
      domain.flushIotlbAll();
      assertThat(driver.domains).isEmpty();

      iommu.attach(domain, usb);
      FakeIommuDriver.Domain real = driver.domains.getLast();
      assertThat(real.calls)
          .containsExactly("map 0x1000 0x1000 x 1", "map 0x4000 0x1000 x 1")
          .inOrder();
      real.calls.clear();
      iommu.map(domain, 0x1_0000, 0x8001_0000L, 0x2000, 1);
      assertThat(iommu.unmap(domain, 0x1_0000, 0x2000)).isEqualTo(0x2000);
      domain.flushIotlbAll();
      assertThat(real.calls)
          .containsExactly(
              "map 0x10000 0x1000 x 2",
              "unmap 0x10000 0x1000 x 2",
              "sync 0x10000..0x11fff",
              "flush")
          .inOrder();
      assertThat(iommu.iovaToPhys(domain, 0x1000)).isEqualTo(0x1001);
      assertThat(domain.pagetableBase()).isEqualTo(real.pagetableBase());
      assertThat(domain.geometry()).isEqualTo(real.geometry());
      assertThat(domain.explain(0x1000).pa()).hasValue(0x1001);
      assertThat(domain.place()).isEqualTo("bank 3");
      assertThat(leaves(domain)).containsExactly("1000 80001000 1000");

      iommu.detach(domain, usb);
      iommu.free(domain);
      assertThat(real.freed).isTrue();
    });
  }

  @Test
  void whoseFirstAttachFailsIsForNobodyAgain() throws Exception {
    boot(new PageSizePolicy.Merged());
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(usb);
      iommu.map(domain, 0x1000, 0x8000_1000L, 0x1000, 1);
      driver.nextSizes = LARGE;
      assertErrno(EINVAL, () -> iommu.attach(domain, video));
      FakeIommuDriver.Domain failed = driver.domains.getLast();
      assertThat(failed.freed).isTrue();
      assertThat(domain.pagetableBase()).isEqualTo(0);

      driver.nextSizes = SMALL;
      iommu.attach(domain, usb);
      assertThat(driver.domains.getLast()).isNotSameInstanceAs(failed);
      assertThat(driver.domains.getLast().calls).containsExactly("map 0x1000 0x1000 x 1");
    });
  }

  private static List<String> leaves(IommuDomain.Paging domain) {
    List<String> leaves = new ArrayList<>();
    domain.forEachLeaf(
        (iova, sizeBytes, pa, prot) -> leaves.add("%x %x %x".formatted(iova, pa, sizeBytes)));
    return leaves;
  }

  @Test
  void aTableMayBeMadeWithSomeOfTheSizesOnlyAndNotChangedAfter() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocGeneric(usb);
      iommu.restrictPageSizes(domain, LARGE);
      assertThat(iommu.tableSizes(domain, SMALL | LARGE)).isEqualTo(LARGE);

      iommu.attach(domain, usb);
      assertErrno(EPERM, () -> iommu.restrictPageSizes(domain, SMALL));
    });
  }

  private IommuGroup group(Device device) {
    return requireNonNull(iommu.groupOf(device));
  }

  private Device device(String path) {
    return kernel.platformDevice(requireNonNull(TREE.find(path)));
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
