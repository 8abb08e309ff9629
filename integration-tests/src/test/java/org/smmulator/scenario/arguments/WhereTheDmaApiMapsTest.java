package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.engines.CopyController;
import org.smmulator.engines.MsiController;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.iommu.dma.IommuMsiDoorbells;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.kernel.Initcalls;

/**
 * The argument of 2018: a driver makes its own domain, attaches its device to it, and calls the DMA
 * API: as Exynos DRM did, to have the API map into that domain; or as msm does, only to have the
 * caches of its device and the CPUs agree. Under each lookup, and each thing that the core can make
 * of such a driver, the same transfer either works or does not, and the mapping is where the lookup
 * says.
 */
class WhereTheDmaApiMapsTest {
  private static final int MAGIC = 0x600d_cafe;
  private static final String ENGINE = "a000000.copy";

  @TempDir Path folder;

  /** The result of a transfer. */
  private record Outcome(boolean arrived, boolean inOwnDomain, boolean inDefaultDomain) {}

  // ---- a driver that made a domain for the DMA API to map into

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
    try (Trial trial =
        Trial.on("virt", "dma.iommu-lookup=" + lookup, "dma.driver-domain=" + driverDomain)) {
      Device device = trial.device(ENGINE);
      Outcome[] outcome = new Outcome[1];
      trial.inKernel(() -> {
        IommuDomain.Paging own = trial.machine.iommu().allocPaging(device);
        trial.machine.iommu().attach(own, device);
        assertThat(tells(trial.machine.iommu(), own, device)).isEqualTo(hasCall);
        outcome[0] = transfer(trial, own);
      });

      assertWithMessage("arrived, in own domain, in default domain")
          .that(outcome[0])
          .isEqualTo(new Outcome(arrives, inOwn, inDefault));
    }
  }

  /** Tells whether a call gives the driver's domain to the DMA API. */
  private static boolean tells(Iommu iommu, IommuDomain.Paging own, Device device)
      throws ErrnoException {
    try {
      iommu.useForDma(own, device);
      return true;
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(EOPNOTSUPP);
      return false;
    }
  }

  private static Outcome transfer(Trial trial, IommuDomain.Paging own) throws ErrnoException {
    Device device = trial.device(ENGINE);
    Iommu iommu = trial.machine.iommu();
    DmaApi dma = trial.machine.dma();
    long from = trial.pages(1);
    long to = trial.pages(1);
    trial.machine.dram().putInt(from, MAGIC);
    long source = dma.mapPage(device, from, Trial.PAGE, TO_DEVICE);
    long target = dma.mapPage(device, to, Trial.PAGE, FROM_DEVICE);
    IommuDomain home = trial.group(ENGINE).defaultDomain();
    boolean inOwn = iommu.iovaToPhys(own, source) == from;
    boolean inDefault = home != null && !home.equals(own) && iommu.iovaToPhys(home, source) == from;
    boolean arrived = copies(trial, source, target) && trial.machine.dram().getInt(to) == MAGIC;
    return new Outcome(arrived, inOwn, inDefault);
  }

  private static boolean copies(Trial trial, long source, long target) {
    try {
      trial.copy(ENGINE).copy(source, target, 4, CopyController.NO_PASID);
      return true;
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(EIO);
      return false;
    }
  }

  @Test
  void aDriverThatGoesLeavesTheNextOneADmaApiThatWorks() throws Exception {
    for (String driverDomain :
        ImmutableList.of("driver-managed", "none", "set-default", "flag-and-bless")) {
      try (Trial trial = Trial.on("virt", "dma.driver-domain=" + driverDomain)) {
        Device device = trial.device(ENGINE);
        Iommu iommu = trial.machine.iommu();
        trial.inKernel(() -> {
          IommuDomain.Paging own = iommu.allocPaging(device);
          iommu.attach(own, device);
          var _ = tells(iommu, own, device);
          assertThat(copiesThroughApi(trial)).isEqualTo(!driverDomain.matches("driver.*|none"));
          iommu.detach(own, device);
          iommu.bus().releasedByDriver(device);

          assertWithMessage(driverDomain).that(copiesThroughApi(trial)).isTrue();
        });
      }
    }
  }

  private static boolean copiesThroughApi(Trial trial) throws ErrnoException {
    DmaApi dma = trial.machine.dma();
    Device device = trial.device(ENGINE);
    long source = dma.mapPage(device, trial.pages(1), Trial.PAGE, TO_DEVICE);
    long target = dma.mapPage(device, trial.pages(1), Trial.PAGE, FROM_DEVICE);
    return copies(trial, source, target);
  }

  // ---- a driver whose struct carries the flag

  /** Binds to a device that does nothing, and notes what the core has set up for it by then. */
  private static final class Compositor implements PlatformDriver {
    private final boolean managed;
    @Nullable Boolean foundDmaOps;

    Compositor(boolean managed) {
      this.managed = managed;
    }

    @Override
    public String name() {
      return "compositor";
    }

    @Override
    public ImmutableList<String> compatibles() {
      return ImmutableList.of("test,compositor");
    }

    @Override
    public void probe(PlatformDevice device) {
      foundDmaOps = device.find(DmaOps.class) != null;
    }

    @Override
    public boolean driverManagedDma() {
      return managed;
    }
  }

  private static final class WithCompositor extends Initcalls {
    private final Compositor compositor;

    WithCompositor(Compositor compositor) {
      this.compositor = compositor;
    }

    @Override
    protected ImmutableList<PlatformDriver> registered(ImmutableList<PlatformDriver> compiledIn) {
      return ImmutableList.<PlatformDriver>builder().addAll(compiledIn).add(compositor).build();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // what a driver's domain is, the driver's flag; whether the DMA API was set up at probe
    "driver-managed, false, true",
    "driver-managed, true,  true", // the flag of 2022 is about ownership only
    "none,           true,  true",
    "set-default,    true,  true",
    "flag-and-bless, false, true",
    "flag-and-bless, true,  false",
  })
  void aFlagInTheDriverKeepsTheDmaApiAwayUntilItsDomainIsBlessed(
      String driverDomain, boolean managed, boolean setUp) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("compositor.dts"),
            """
            /dts-v1/;
            #include "virt.dts"
            &soc {
              compositor@b000000 {
                compatible = "test,compositor";
                reg = <0x0 0xb000000 0x0 0x1000>;
                iommus = <&smmu3 0x40>;
              };
            };
            """);
    KernelConfig config = KernelConfig.defaults().with("dma.driver-domain", driverDomain);
    Compositor compositor = new Compositor(managed);
    try (Machine machine =
        Machine.on(new Boards().load(board.toString()))
            .config(config)
            .kernel(new WithCompositor(compositor))
            .boot()) {
      assertThat(compositor.foundDmaOps).isEqualTo(setUp);
      if (setUp) {
        return;
      }
      Device device = requireNonNull(machine.devices().find("b000000.compositor"));
      Iommu iommu = machine.iommu();
      var _ =
          machine
              .scheduler()
              .spawnKernel("compositor", () -> useBlessedDomain(machine, iommu, device));
      machine.settle();
    }
  }

  private static void useBlessedDomain(Machine machine, Iommu iommu, Device device) {
    try {
      long pa = 0x4800_0000;
      assertThat(machine.dma().mapPage(device, pa, Trial.PAGE, TO_DEVICE)).isEqualTo(pa); // direct

      IommuDomain.Paging own = iommu.allocPaging(device);
      iommu.attach(own, device);
      iommu.useForDma(own, device);

      long at = machine.dma().mapPage(device, pa, Trial.PAGE, TO_DEVICE);
      assertThat(at).isNotEqualTo(pa);
      assertThat(iommu.iovaToPhys(own, at)).isEqualTo(pa);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  // ---- a driver that maps its domain itself and calls the DMA API for coherency only

  /** The engine does not snoop, so what it reads is what was handed to it. */
  private static final String NOT_SNOOPING = "&copy0 { /delete-property/ dma-coherent; };";

  private static final long SOURCE = 0x1000_0000L;
  private static final long TARGET = 0x1000_2000L;
  private static final int READ_WRITE = IommuProt.READ | IommuProt.WRITE;

  /** Stands for the last page that a domain can map, which is the first that the DMA API takes. */
  private static final long LAST_PAGE = -1;

  /**
   * Returns the result of a copy between pages that the driver maps at addresses of its own.
   *
   * @param call what the call of the DMA API for the source was answered with
   * @param found what arrived
   * @param inOwn how many leaves the driver's domain has meanwhile: two are its own
   * @param inDefault how many the default domain has
   */
  private record Coherency(String call, long found, int inOwn, int inDefault) {}

  @Test
  void underTheFastPathTheCallFillsADomainThatTheDeviceDoesNotUse() throws Exception {
    assertThat(coherency(SOURCE, true, "dma.iommu-lookup=default-domain"))
        .isEqualTo(new Coherency("mapped", MAGIC, 2, 1));
  }

  @Test
  void underTheAttachedLookupItMapsAmongTheDriversOwnAddresses() throws Exception {
    assertThat(coherency(SOURCE, true, "dma.iommu-lookup=attached-domain"))
        .isEqualTo(new Coherency("mapped", MAGIC, 3, 0));
  }

  @Test
  void andCollidesWithThemSoThatTheCallFails() throws Exception {
    // As in Linux the caches are cleaned before the mapping is tried; a driver gives up here.
    assertThat(coherency(LAST_PAGE, true, "dma.iommu-lookup=attached-domain"))
        .isEqualTo(new Coherency("refused", MAGIC, 2, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "dma.iommu-lookup=dma-type-only",
    "iommu.passthrough=1",
    "arch.dma-domain=listed-devices",
  })
  void whereTheCallIsDirectItDoesWhatItIsForAndNothingElse(String set) throws Exception {
    assertThat(coherency(LAST_PAGE, true, set)).isEqualTo(new Coherency("direct", MAGIC, 2, 0));
  }

  @Test
  void withoutTheCallTheDeviceReadsOldBytesUnderEverySide() throws Exception {
    for (String set :
        ImmutableList.of(
            "dma.iommu-lookup=default-domain",
            "dma.iommu-lookup=attached-domain",
            "dma.iommu-lookup=dma-type-only",
            "iommu.passthrough=1",
            "arch.dma-domain=listed-devices")) {
      assertWithMessage(set).that(coherency(SOURCE, false, set).found()).isEqualTo(0);
    }
  }

  private Coherency coherency(long at, boolean calls, String set) throws Exception {
    try (Trial trial = Trial.derived(folder, "virt", NOT_SNOOPING, "cpu.cache=write-back", set)) {
      Iommu iommu = trial.machine.iommu();
      DmaApi dma = trial.machine.dma();
      Device device = trial.device(ENGINE);
      Coherency[] seen = new Coherency[1];
      trial.inKernel(() -> {
        long from = trial.pages(1);
        long to = trial.pages(1);
        IommuDomain home = trial.group(ENGINE).defaultDomain();
        int before = leaves(home);
        IommuDomain.Paging own = iommu.allocPaging(device);
        iommu.attach(own, device);
        long sourceIova = at == LAST_PAGE ? own.geometry().apertureEnd() & -Trial.PAGE : at;
        iommu.map(own, sourceIova, from, Trial.PAGE, READ_WRITE);
        iommu.map(own, TARGET, to, Trial.PAGE, READ_WRITE);

        trial.machine.pages().cpu().store(from, 4, MAGIC); // it stays in the cache
        long handed = calls ? dma.mapPage(device, from, Trial.PAGE, TO_DEVICE) : from;
        assertThat(copies(trial, sourceIova, TARGET)).isTrue();

        String call =
            handed == from ? "direct" : handed == DmaOps.MAPPING_ERROR ? "refused" : "mapped";
        long found = trial.machine.dram().getInt(to);
        seen[0] = new Coherency(call, found, leaves(own), leaves(home) - before);
      });
      return seen[0];
    }
  }

  private static int leaves(@Nullable IommuDomain domain) {
    int[] count = new int[1];
    if (domain instanceof IommuDomain.Paging paging) {
      paging.forEachLeaf((iova, size, pa, prot) -> count[0]++);
    }
    return count[0];
  }

  @Test
  void onTheGpuIdentityAndOptOutMakeTheCallsDirectAndADmaDomainDoesNot() throws Exception {
    assertThat(mapsDirectly("identity")).isTrue();
    assertThat(mapsDirectly("opt-out")).isTrue();
    assertThat(mapsDirectly("dma")).isFalse();
  }

  private static boolean mapsDirectly(String home) throws Exception {
    boolean[] directly = new boolean[1];
    try (Trial trial = Trial.on("db845c", "smmu.gpu-default-domain=" + home)) {
      trial.inKernel(() -> {
        long page = trial.pages(1);
        Device gpu = trial.device("5000000.gpu");
        directly[0] = trial.machine.dma().mapPage(gpu, page, Trial.PAGE, TO_DEVICE) == page;
      });
    }
    return directly[0];
  }

  // ---- what a lookup costs

  @Test
  void everyCallUnderTheAttachedLookupsBorrowsTheGroupAndPaysForItsCounter() throws Exception {
    int calls = 50;
    long counterNs = 2 * DomainLookup.AttachedDomain.CONTENDED_LINE_NS; // up, and down

    long fastNs = timeOf(calls, "default-domain", 0);
    assertThat(timeOf(calls, "attached-domain", calls) - fastNs).isEqualTo(calls * counterNs);
    assertThat(timeOf(calls, "dma-type-only", calls) - fastNs).isEqualTo(calls * counterNs);
  }

  /** Maps pages, which no hardware is told of; returns the virtual time that it took. */
  private static long timeOf(int calls, String lookup, long references) throws Exception {
    try (Trial trial = Trial.on("virt", "dma.iommu-lookup=" + lookup)) {
      Device device = trial.device(ENGINE);
      long[] tookNs = new long[1];
      trial.inKernel(() -> {
        long page = trial.pages(1);
        long before = trial.group(ENGINE).referencesTaken();
        trial.machine.scheduler().point();
        long start = trial.machine.scheduler().nowNs();
        for (int i = 0; i < calls; i++) {
          var _ = trial.machine.dma().mapPage(device, page, Trial.PAGE, TO_DEVICE);
        }
        trial.machine.scheduler().point();
        tookNs[0] = trial.machine.scheduler().nowNs() - start;
        assertThat(trial.group(ENGINE).referencesTaken() - before).isEqualTo(references);
      });
      return tookNs[0];
    }
  }

  // ---- messages that interrupt: which domain needs the doorbell

  @ParameterizedTest
  @ValueSource(strings = {"default-domain", "attached-domain", "dma-type-only"})
  void inADmaDomainTheDoorbellIsMappedAndTheInterruptArrives(String lookup) throws Exception {
    try (Trial trial = Trial.on("virt", "dma.iommu-lookup=" + lookup)) {
      MsiController msi = msiOf(trial);
      trial.inKernel(() -> {
        msi.trigger();
        msi.await(1, 1_000_000);
      });

      assertThat(msi.doorbellAddress()).isNotEqualTo(msi.vector().doorbellPa());
    }
  }

  /** The MSI path takes the attached domain under every side. */
  @ParameterizedTest
  @ValueSource(strings = {"default-domain", "attached-domain", "dma-type-only"})
  void inADriversDomainWithACookieItArrives(String lookup) throws Exception {
    try (Trial trial = Trial.on("virt", "dma.iommu-lookup=" + lookup)) {
      Iommu iommu = trial.machine.iommu();
      Device device = trial.device("a010000.msi");
      MsiController msi = msiOf(trial);
      trial.inKernel(() -> {
        IommuDomain.Paging withCookie = iommu.allocPaging(device);
        IommuMsiDoorbells.makeCookie(withCookie, 0x800_0000);
        iommu.attach(withCookie, device);
        msi.arm();
        msi.trigger();
        msi.await(1, 1_000_000);
        assertThat(msi.doorbellAddress() & -Trial.PAGE).isEqualTo(0x800_0000);
      });
    }
  }

  /** In 2018 the device was told the doorbell's own address, which that domain does not map. */
  @ParameterizedTest
  @ValueSource(strings = {"attached-domain", "dma-type-only"})
  void withoutACookieTheStoreFaults(String lookup) throws Exception {
    try (Trial trial = Trial.on("virt", "dma.iommu-lookup=" + lookup)) {
      MsiController msi = msiOf(trial);
      trial.inKernel(() -> {
        attachBareDomain(trial);
        long references = trial.group("a010000.msi").referencesTaken();
        msi.arm();
        assertThat(trial.group("a010000.msi").referencesTaken()).isEqualTo(references + 1);
        msi.trigger();
        trial.machine.scheduler().sleep(100_000);
        assertThat(msi.interrupts()).isEqualTo(0);
        assertThat(msi.lost()).isEqualTo(1);
      });
    }
  }

  /** Kernel: {@code iommu_dma_prepare_msi()}. */
  @Test
  void todayTheDriverIsToldThatThereIsNoRoom() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      MsiController msi = msiOf(trial);
      trial.inKernel(() -> {
        attachBareDomain(trial);

        ErrnoException refused = assertThrows(ErrnoException.class, msi::arm);

        assertThat(refused.errno()).isEqualTo(Errno.EOPNOTSUPP);
      });
    }
  }

  private static void attachBareDomain(Trial trial) throws ErrnoException {
    Device device = trial.device("a010000.msi");
    trial.machine.iommu().attach(trial.machine.iommu().allocPaging(device), device);
  }

  private static MsiController msiOf(Trial trial) {
    return requireNonNull(trial.device("a010000.msi").find(MsiController.class));
  }
}
