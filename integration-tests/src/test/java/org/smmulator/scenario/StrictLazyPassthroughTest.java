package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dagger.Lazy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.engines.CopyController;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDebug;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.KernelConfig;
import org.smmulator.machine.KernelModule;
import org.smmulator.machine.Machine;

/** When an unmap takes effect, who is translated at all, and groups over several IOMMUs. */
class StrictLazyPassthroughTest {
  private static final int PAGE = 4096;

  /** A flush queue flushes 10 ms after its first entry. */
  private static final long LONG_AFTER_NS = 50_000_000;

  /** Lets the test call what drivers call. */
  private static final class OpenKernel extends KernelModule {
    private @Nullable DmaApi dma;

    @Override
    protected DmaApi dma(DmaDirect direct, Lazy<DmaDebug> debug, KernelConfig config) {
      DmaApi made = super.dma(direct, debug, config);
      dma = made;
      return made;
    }
  }

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
    OpenKernel kernel = new OpenKernel();
    KernelConfig config = KernelConfig.defaults().with("iommu.strict", strict);
    boolean[] reached = new boolean[1];
    try (Machine machine =
        Machine.on(new Boards().load("virt")).config(config).kernel(kernel).boot()) {
      DmaApi dma = requireNonNull(kernel.dma);
      PlatformDevice device = device(machine, "a000000.copy");
      assertThat(group(machine, device).type()).isEqualTo(strict.equals("1") ? "DMA" : "DMA-FQ");
      KernelThread.run(
          machine,
          () -> {
            PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
            long from = machine.pages().alloc(0, owner);
            long to = machine.pages().alloc(0, owner);
            long source = dma.mapPage(device, from, PAGE, DmaDirection.TO_DEVICE);
            long target = dma.mapPage(device, to, PAGE, DmaDirection.FROM_DEVICE);
            CopyController engine = requireNonNull(device.find(CopyController.class));
            engine.copy(source, target, 4, CopyController.NO_PASID);

            dma.unmapPage(device, target, PAGE, DmaDirection.FROM_DEVICE);
            machine.scheduler().sleep(afterNs);

            reached[0] = copies(engine, source, target);
          });
    }
    return reached[0];
  }

  private static boolean copies(CopyController engine, long source, long target) {
    try {
      engine.copy(source, target, 4, CopyController.NO_PASID);
      return true;
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(Errno.EIO);
      return false;
    }
  }

  @Test
  void passthroughNobodyIsTranslatedWithoutADriversWish() throws Exception {
    KernelConfig config = KernelConfig.defaults().with("iommu.passthrough", "1");
    try (Machine machine = Machine.on(new Boards().load("virt")).config(config).boot()) {
      PlatformDevice engine = device(machine, "a000000.copy");
      assertThat(group(machine, engine).domain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(group(machine, device(machine, "a040000.video")).domain())
          .isInstanceOf(IommuDomain.Paging.class); // its driver attached one
      assertThat(machine.dmesg().lines().stream().map(Object::toString).toList().toString())
          .contains("iommu: Default domain type: Passthrough");
    }
  }

  @Test
  void aGroupOverTwoSmmusHasOneDomainThatOnlyOneOfThemCanHold(@TempDir Path folder)
      throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("spanning.dts"),
            """
            /dts-v1/;
            #include "virt.dts"
            &usb0 { smmulator,iommu-group = <1>; };
            &usb1 { smmulator,iommu-group = <1>; };
            """);
    KernelConfig config = KernelConfig.defaults().with("iommu.groups", "spanning");
    try (Machine machine = Machine.on(new Boards().load(board.toString())).config(config).boot()) {
      PlatformDevice one = device(machine, "a030000.usb");
      PlatformDevice other = device(machine, "a060000.usb");
      IommuGroup group = group(machine, one);

      // The first has been there alone, in a domain of its SMMU; the second cannot follow.
      assertThat(machine.iommu().groupOf(other)).isNull();
      assertThat(group.devices()).containsExactly(one);
      assertThrows(
          ErrnoException.class,
          () -> machine.iommu().attach(machine.iommu().allocPaging(other), other));
    }
  }

  private static IommuGroup group(Machine machine, PlatformDevice device) {
    return requireNonNull(machine.iommu().groupOf(device));
  }

  private static PlatformDevice device(Machine machine, String name) {
    return requireNonNull(machine.devices().find(name));
  }
}
