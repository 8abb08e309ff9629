package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EIO;

import org.junit.jupiter.api.Test;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;

/** When an unmap takes effect, and who is translated at all: the kernel's parameters. */
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
      assertThat(trial.log())
          .contains("iommu: Default domain type: Passthrough (set via kernel command line)");
    }
  }

  @Test
  void passthroughTheDmaApisAddressesArePhysicalAndTheBytesMove() throws Exception {
    try (Trial trial = Trial.on("virt", "iommu.passthrough=1")) {
      DmaApi dma = trial.machine.dma();
      Device device = trial.device(ENGINE);
      trial.inKernel(() -> {
        long from = trial.pages(1);
        long to = trial.pages(1);
        trial.machine.dram().putInt(from, 0x600d);
        assertThat(dma.mapPage(device, from, Trial.PAGE, TO_DEVICE)).isEqualTo(from);
        assertThat(dma.mapPage(device, to, Trial.PAGE, FROM_DEVICE)).isEqualTo(to);

        assertThat(copies(trial.copy(ENGINE), from, to)).isTrue();

        assertThat(trial.machine.dram().getInt(to)).isEqualTo(0x600d);
        dma.unmapPage(device, to, Trial.PAGE, FROM_DEVICE);
        assertThat(copies(trial.copy(ENGINE), from, to)).isTrue(); // nobody keeps it from that
      });
      String group = "/sys/kernel/iommu_groups/" + trial.group(ENGINE).id();
      assertThat(trial.read(group + "/type")).isEqualTo("identity\n");
    }
  }

  @Test
  void aChangedTypeMovesTheDmaApiAlong() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      String type = "/sys/kernel/iommu_groups/" + trial.group(ENGINE).id() + "/type";
      PlatformDevice device = trial.device(ENGINE);
      trial.inKernel(() -> trial.machine.devices().unbind(device));
      for (String word : new String[] {"identity", "DMA-FQ", "auto"}) {
        trial.write(type, word);
        trial.inKernel(() -> {
          long page = trial.pages(1);
          long at = trial.machine.dma().mapPage(device, page, Trial.PAGE, TO_DEVICE);
          assertThat(at == page).isEqualTo(word.equals("identity"));
        });
      }
      assertThat(trial.read(type)).isEqualTo("DMA\n");
    }
  }
}
