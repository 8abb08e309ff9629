package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import dagger.Lazy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.dma.MsiDoorbells;
import org.smmulator.iommu.engines.CopyController;
import org.smmulator.iommu.engines.MsiController;
import org.smmulator.junit.Board;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDebug;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.KernelConfig;
import org.smmulator.machine.KernelModule;
import org.smmulator.machine.Machine;

/**
 * The argument of 2018: a driver makes its own domain, attaches its device to it, and calls the DMA
 * API as Exynos DRM did. Under each lookup, and each thing that the core can make of such a driver,
 * the same transfer either works or does not, and the mapping is where the lookup says.
 */
class WhereTheDmaApiMapsTest {
  private static final int PAGE = 4096;
  private static final int MAGIC = 0x600d_cafe;

  /** Lets the test call what drivers call. */
  private static final class OpenKernel extends KernelModule {
    private @Nullable DmaApi dma;

    @Override
    protected DmaApi dma(DmaDirect direct, Lazy<DmaDebug> debug, KernelConfig config) {
      DmaApi made = super.dma(direct, debug, config);
      dma = made;
      return made;
    }

    DmaApi api() {
      return requireNonNull(dma);
    }
  }

  /** What became of a transfer. */
  private record Outcome(boolean arrived, boolean inOwnDomain, boolean inDefaultDomain) {}

  @ParameterizedTest
  @CsvSource({
    // lookup, what a driver's domain is, whether there is a call to tell the core; what happens
    "default-domain,  driver-managed, false, false, false, true",
    "default-domain,  none,           false, false, false, true",
    "default-domain,  set-default,    true,  true,  true,  false",
    "default-domain,  flag-and-bless, true,  true,  true,  false",
    "attached-domain, driver-managed, false, true,  true,  false",
    "attached-domain, none,           false, true,  true,  false",
    "attached-domain, set-default,    true,  true,  true,  false",
    "attached-domain, flag-and-bless, true,  true,  true,  false",
    "dma-type-only,   driver-managed, false, false, false, false",
    "dma-type-only,   none,           false, false, false, false",
    "dma-type-only,   set-default,    true,  false, false, false",
    "dma-type-only,   flag-and-bless, true,  false, false, false",
  })
  void aDomainThatTheDriverMade(
      String lookup,
      String driverDomain,
      boolean hasCall,
      boolean arrives,
      boolean inOwn,
      boolean inDefault)
      throws Exception {
    KernelConfig config =
        KernelConfig.defaults()
            .with("dma.iommu-lookup", lookup)
            .with("dma.driver-domain", driverDomain);
    OpenKernel kernel = new OpenKernel();
    try (Machine machine =
        Machine.on(new Boards().load("virt")).config(config).kernel(kernel).boot()) {
      PlatformDevice device = requireNonNull(machine.devices().find("a000000.copy"));
      Outcome[] outcome = new Outcome[1];
      KernelThread.run(
          machine,
          () -> {
            IommuDomain.Paging own = machine.iommu().allocPaging(device);
            machine.iommu().attach(own, device);
            assertThat(tells(machine.iommu(), own, device)).isEqualTo(hasCall);
            outcome[0] = transfer(machine, kernel.api(), device, own);
          });

      assertWithMessage("arrived, in own domain, in default domain")
          .that(outcome[0])
          .isEqualTo(new Outcome(arrives, inOwn, inDefault));
    }
  }

  /** Whether there is a call that gives the driver's domain to the DMA API. */
  private static boolean tells(Iommu iommu, IommuDomain.Paging own, PlatformDevice device)
      throws ErrnoException {
    try {
      iommu.useForDma(own, device);
      return true;
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
      return false;
    }
  }

  private static Outcome transfer(
      Machine machine, DmaApi dma, PlatformDevice device, IommuDomain.Paging own) throws Exception {
    PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
    long from = machine.pages().alloc(0, owner);
    long to = machine.pages().alloc(0, owner);
    machine.dram().putInt(from, MAGIC);
    long source = dma.mapPage(device, from, PAGE, TO_DEVICE);
    long target = dma.mapPage(device, to, PAGE, FROM_DEVICE);
    IommuDomain home = requireNonNull(machine.iommu().groupOf(device)).defaultDomain();
    boolean inOwn = machine.iommu().iovaToPhys(own, source) == from;
    boolean inDefault =
        home != null && !home.equals(own) && machine.iommu().iovaToPhys(home, source) == from;
    try {
      requireNonNull(device.find(CopyController.class))
          .copy(source, target, 4, CopyController.NO_PASID);
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(Errno.EIO);
    }
    return new Outcome(machine.dram().getInt(to) == MAGIC, inOwn, inDefault);
  }

  // ---- messages that interrupt: which domain needs the doorbell

  @Test
  void inADmaDomainTheDoorbellIsMappedAndTheInterruptArrives(@Board("virt") Machine machine)
      throws Exception {
    MsiController msi = msiOf(machine);
    KernelThread.run(
        machine,
        () -> {
          msi.trigger();
          msi.await(1, 1_000_000);
        });

    assertThat(msi.doorbellAddress()).isNotEqualTo(msi.vector().doorbellPa());
  }

  @Test
  void inADriversDomainItNeedsACookieOrTheStoreFaults(@Board("virt") Machine machine)
      throws Exception {
    PlatformDevice device = requireNonNull(machine.devices().find("a010000.msi"));
    MsiController msi = msiOf(machine);
    KernelThread.run(
        machine,
        () -> {
          IommuDomain.Paging bare = machine.iommu().allocPaging(device);
          machine.iommu().attach(bare, device);
          msi.arm();
          msi.trigger();
          machine.scheduler().sleep(100_000);
          assertThat(msi.interrupts()).isEqualTo(0);
          assertThat(msi.lost()).isEqualTo(1);
          machine.iommu().detach(bare, device);

          IommuDomain.Paging withCookie = machine.iommu().allocPaging(device);
          new MsiDoorbells(machine::iommu).makeCookie(withCookie, 0x800_0000);
          machine.iommu().attach(withCookie, device);
          msi.arm();
          msi.trigger();
          msi.await(1, 1_000_000);
          assertThat(msi.doorbellAddress() & -PAGE).isEqualTo(0x800_0000);
        });
  }

  private static MsiController msiOf(Machine machine) {
    PlatformDevice device = requireNonNull(machine.devices().find("a010000.msi"));
    return requireNonNull(device.find(MsiController.class));
  }
}
