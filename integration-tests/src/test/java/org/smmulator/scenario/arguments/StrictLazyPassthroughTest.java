package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EIO;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.engines.CopyController;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;

/** When an unmap takes effect, who is translated at all, and groups over several IOMMUs. */
class StrictLazyPassthroughTest {
  /** A flush queue flushes 10 ms after its first entry. */
  private static final long LONG_AFTER_NS = 50_000_000;

  private static final String ENGINE = "a000000.copy";

  @Test
  void strictAnUnmappedPageIsOutOfReachWhenTheCallReturns() throws Exception {
    assertThat(reachedAfterUnmap("1", 0)).isFalse();
  }

  @Test
  void lazyItIsInReachUntilTheQueueIsFlushed() throws Exception {
    assertThat(reachedAfterUnmap("0", 0)).isTrue(); // the entry in the TLB is stale, and hits
    assertThat(reachedAfterUnmap("0", LONG_AFTER_NS)).isFalse();
  }

  private static boolean reachedAfterUnmap(String strict, long afterNs) throws Exception {
    boolean[] reached = new boolean[1];
    try (Trial trial = Trial.on("virt", "iommu.strict=" + strict)) {
      DmaApi dma = trial.machine.dma();
      Device device = trial.device(ENGINE);
      assertThat(trial.group(ENGINE).type()).isEqualTo(strict.equals("1") ? "DMA" : "DMA-FQ");
      trial.inKernel(() -> {
        long source = dma.mapPage(device, trial.pages(1), Trial.PAGE, TO_DEVICE);
        long target = dma.mapPage(device, trial.pages(1), Trial.PAGE, FROM_DEVICE);
        trial.copy(ENGINE).copy(source, target, 4, CopyController.NO_PASID);

        dma.unmapPage(device, target, Trial.PAGE, FROM_DEVICE);
        trial.machine.scheduler().sleep(afterNs);

        reached[0] = copies(trial.copy(ENGINE), source, target);
      });
    }
    return reached[0];
  }

  private static boolean copies(CopyController engine, long source, long target) {
    try {
      engine.copy(source, target, 4, CopyController.NO_PASID);
      return true;
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(EIO);
      return false;
    }
  }

  @Test
  void passthroughNobodyIsTranslatedWithoutADriversWish() throws Exception {
    try (Trial trial = Trial.on("virt", "iommu.passthrough=1")) {
      assertThat(trial.group(ENGINE).domain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(trial.group("a040000.video").domain())
          .isInstanceOf(IommuDomain.Paging.class); // its driver attached one
      assertThat(trial.log()).contains("iommu: Default domain type: Passthrough");
    }
  }

  @Test
  void aGroupOverTwoSmmusHasOneDomainThatOnlyOneOfThemCanHold(@TempDir Path folder)
      throws Exception {
    String spanning =
        """
        &usb0 { smmulator,iommu-group = <1>; };
        &usb1 { smmulator,iommu-group = <1>; };
        """;
    try (Trial trial = Trial.derived(folder, "virt", spanning, "iommu.groups=spanning")) {
      Iommu iommu = trial.machine.iommu();
      Device one = trial.device("a030000.usb");
      Device other = trial.device("a060000.usb");
      IommuGroup group = trial.group("a030000.usb");

      // The first has been there alone, in a domain of its SMMU; the second cannot follow.
      assertThat(iommu.groupOf(other)).isNull();
      assertThat(group.devices()).containsExactly(one);
      assertThrows(ErrnoException.class, () -> iommu.attach(iommu.allocPaging(other), other));
    }
  }
}
