package org.smmulator.kernel.device;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.ExternalAbort;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/** Devices from a tree, and how they come to their drivers. */
class DriverCoreTest {
  private static final String BOARD =
      """
      /dts-v1/;
      / {
        #address-cells = <2>;
        #size-cells = <2>;
        soc@0 {
          compatible = "simple-bus";
          #address-cells = <2>;
          #size-cells = <2>;
          ranges = <0 0 0 0 0x10 0>;
          dma-ranges = <0 0 0 0 0x10 0>;
          gpu@5000000 {
            compatible = "vendor,gpu-630", "vendor,gpu";
            reg = <0 0x5000000 0 0x1000>;
            interrupts = <0 300 4>;
            iommus = <&smmu 0>;
            clocks = <&gcc 7>;
            dma-coherent;
          };
          smmu: iommu@5040000 {
            compatible = "vendor,smmu";
            reg = <0 0x5040000 0 0x1000>;
            #iommu-cells = <1>;
            power-domains = <&gcc 3>;
          };
          gcc: clock-controller@100000 {
            compatible = "vendor,gcc";
            reg = <0 0x100000 0 0x1000>;
            #clock-cells = <1>;
            #power-domain-cells = <1>;
          };
          port@2 {
            compatible = "simple-bus";
            #address-cells = <2>;
            #size-cells = <2>;
            ranges;
            external-facing;
            stick@3 { compatible = "vendor,stick"; reg = <0 3 0 1>; };
          };
          off@1 { compatible = "vendor,off"; reg = <0 1 0 1>; status = "disabled"; };
          thermal { compatible = "vendor,thermal"; };
        };
      };
      """;

  private interface Probe {
    void run(PlatformDevice device) throws ErrnoException;
  }

  private record Driver(
      String name, ImmutableList<String> compatibles, boolean driverManagedDma, Probe body)
      implements PlatformDriver {
    Driver(String name, ImmutableList<String> compatibles, Probe body) {
      this(name, compatibles, false, body);
    }

    Driver(String name, String compatible, Probe body) {
      this(name, ImmutableList.of(compatible), body);
    }

    @Override
    public void probe(PlatformDevice device) throws ErrnoException {
      body.run(device);
    }
  }

  private final class Hooks implements IommuHooks {
    @Nullable Errno refuseConfigure;
    @Nullable Errno refuseDomain;

    @Override
    public void deviceAdded(Device device) {}

    @Override
    public void deviceRemoved(Device device) {}

    @Override
    public void configure(Device device) throws ErrnoException {
      log.add("configure " + device.name());
      if (refuseConfigure != null) {
        throw refuseConfigure.because("no IOMMU today");
      }
    }

    @Override
    public void useDefaultDomain(Device device) throws ErrnoException {
      log.add("use " + device.name());
      if (refuseDomain != null) {
        throw refuseDomain.because("taken");
      }
    }

    @Override
    public void unuseDefaultDomain(Device device) {
      log.add("unuse " + device.name());
    }

    @Override
    public void managedByDriver(Device device) {
      log.add("managed " + device.name());
    }

    @Override
    public void releasedByDriver(Device device) {
      log.add("released " + device.name());
    }
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final SystemBus bus = new SystemBus(scheduler, 10);
  private final SupplyMap supplies = new SupplyMap();
  private final List<String> log = new ArrayList<>();
  private final Hooks hooks = new Hooks();
  private final DeviceTree tree = DtsParser.parse("board.dts", BOARD, name -> Optional.empty());

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void devicesAreNamedByTheirAddressAndComeInTheOrderOfTheTree() {
    DriverCore core = boot();

    assertThat(core.devices().stream().map(Device::name))
        .containsExactly(
            "soc@0",
            "5000000.gpu",
            "5040000.iommu",
            "100000.clock-controller",
            "soc@0:port@2",
            "3.stick",
            "soc@0:thermal")
        .inOrder();
  }

  @Test
  void aConsumerWaitsForItsSupplierWhateverTheOrderOfTheDrivers() {
    var _ = boot(noting("gpu", "vendor,gpu"), noting("gcc", "vendor,gcc"));

    assertThat(probes())
        .containsExactly("gcc 100000.clock-controller", "gpu 5000000.gpu")
        .inOrder();
    assertThat(dmesgText()).isEmpty();
  }

  /** Kernel: {@code parse_iommus()} is optional, and the IOMMU core is asked instead. */
  @Test
  void anIommuIsNoSupplierThatAProbeWaitsFor() {
    var _ = boot(noting("gpu", "vendor,gpu"), noting("arm-smmu", "vendor,smmu"));

    assertThat(probes()).containsExactly("gpu 5000000.gpu", "arm-smmu 5040000.iommu").inOrder();
  }

  @Test
  void aDriverThatManagesItsDmaIsNotAskedWhetherItsGroupIsAtHome() {
    hooks.refuseDomain = EBUSY;
    DriverCore core = boot(new Driver("gpu", ImmutableList.of("vendor,gpu"), true, device -> {}));
    assertThat(device(core, "5000000.gpu").driver()).isNotNull();

    core.unbind(device(core, "5000000.gpu"));

    assertThat(log)
        .containsAtLeast("configure 5000000.gpu", "managed 5000000.gpu", "released 5000000.gpu")
        .inOrder();
    assertThat(log).doesNotContain("use 5000000.gpu");
    assertThat(log).doesNotContain("unuse 5000000.gpu");
  }

  @Test
  void aSupplierThatNoDriverClaimsIsThere() {
    DriverCore core = boot(noting("gpu", "vendor,gpu"));

    assertThat(device(core, "5000000.gpu").driver()).isNotNull();
    assertThat(device(core, "5000000.gpu").driverString()).isEqualTo("gpu");
  }

  @Test
  void whatStillWaitsAtTheEndIsReportedWithItsReason() {
    var _ = boot(noting("gpu", "vendor,gpu"), failing("gcc", "vendor,gcc", EPROBE_DEFER, "later"));

    assertThat(dmesgText())
        .containsExactly(
            "platform 5000000.gpu: deferred probe pending: platform: supplier"
                + " 100000.clock-controller not ready",
            "platform 100000.clock-controller: deferred probe pending: gcc: later");
  }

  @Test
  void aFailedProbeGivesBackWhatItAcquiredLastFirst() {
    DriverCore core =
        boot(
            new Driver(
                "gpu",
                "vendor,gpu",
                device -> {
                  device.devres().add("first", () -> log.add("release first"));
                  device.devres().add("second", () -> log.add("release second"));
                  throw EINVAL.because("no such chip");
                }));

    assertThat(log)
        .containsExactly(
            "configure 5000000.gpu",
            "use 5000000.gpu",
            "unuse 5000000.gpu", // really_probe(): dma_cleanup, then devres
            "release second",
            "release first")
        .inOrder();
    assertThat(dmesgText())
        .containsExactly(
            "gpu 5000000.gpu: error -EINVAL: no such chip",
            "gpu 5000000.gpu: probe with driver gpu failed with error -22")
        .inOrder();
    assertThat(device(core, "5000000.gpu").driver()).isNull();
  }

  @Test
  void onlyADeferralOfTheIommuKeepsADriverFromBinding() {
    hooks.refuseConfigure = EINVAL;
    DriverCore broken = boot(noting("gpu", "vendor,gpu"));
    assertThat(device(broken, "5000000.gpu").driver()).isNotNull();
    assertThat(dmesgText()).isEmpty();

    hooks.refuseConfigure = EPROBE_DEFER;
    DriverCore waiting = bootUntilTheTimeout(noting("gpu", "vendor,gpu"));
    assertThat(device(waiting, "5000000.gpu").deferredReason()).isEqualTo("gpu: no IOMMU today");
  }

  /** Kernel: {@code driver_deferred_probe_check_state()}. */
  @Test
  void anIommuThatNoDriverComesForIsIgnoredAfterTheTimeout() {
    hooks.refuseConfigure = EPROBE_DEFER;

    DriverCore core = boot(noting("gpu", "vendor,gpu"));

    assertThat(device(core, "5000000.gpu").driver()).isNotNull();
    assertThat(dmesgText())
        .containsExactly("gpu 5000000.gpu: deferred probe timeout, ignoring dependency");
  }

  @Test
  void aGroupThatSomebodyOwnsIsBusyAndTheDriverIsNotAsked() {
    hooks.refuseDomain = EBUSY;

    var _ = boot(noting("gpu", "vendor,gpu"));

    assertThat(log).containsExactly("configure 5000000.gpu", "use 5000000.gpu").inOrder();
    assertThat(dmesgText()).isEmpty(); // call_driver_probe() was not reached, and it prints
  }

  @Test
  void aSupplierTakesItsConsumersAlongWhenItUnbinds() {
    DriverCore core = boot(noting("arm-smmu", "vendor,smmu"), noting("gpu", "vendor,gpu"));
    log.clear();

    core.unbind(device(core, "5040000.iommu"));

    assertThat(log)
        .containsExactly(
            "unuse 5000000.gpu", "release gpu", "unuse 5040000.iommu", "release arm-smmu")
        .inOrder();
  }

  @Test
  void aModuleMakesItsDeviceOnlyOnABoardThatHasSomethingForIt() {
    DriverCore core = boot(new Logical("vendor,gpu"), noting("gpu", "vendor,gpu"));
    PlatformDevice logical = device(core, "logical");

    assertThat(logical.of()).isNull();
    assertThat(logical.driverString()).isEqualTo("logical");

    assertThat(boot(new Logical("vendor,other")).find("logical")).isNull();
  }

  private record Logical(String over) implements PlatformDriver {
    @Override
    public String name() {
      return "logical";
    }

    @Override
    public ImmutableList<String> compatibles() {
      return ImmutableList.of();
    }

    @Override
    public boolean makesDevice(ImmutableList<PlatformDevice> devices) {
      return devices.stream().anyMatch(device -> device.node().isCompatible(over));
    }

    @Override
    public void probe(PlatformDevice device) {}
  }

  @Test
  void aDriverCanBeGivenADeviceThatItNamesNowhereUnlessTheDeviceHasOne() throws ErrnoException {
    DriverCore core = boot(noting("gpu", "vendor,gpu"));
    PlatformDevice gpu = device(core, "5000000.gpu");
    Driver other = new Driver("other", ImmutableList.of(), true, device -> {});

    var busy = assertThrows(ErrnoException.class, () -> core.attach(other, gpu));
    assertThat(busy.errno()).isEqualTo(EBUSY);
    core.unbind(gpu);
    core.attach(other, gpu);

    assertThat(gpu.driver()).isEqualTo(other);
    assertThat(log).contains("managed 5000000.gpu");
  }

  /** Errors of a probe reach whoever asked for it; a deferral becomes EAGAIN. */
  @Test
  void whoGivesADriverADeviceIsToldWhyItFailed() {
    DriverCore core = boot();
    PlatformDevice gpu = device(core, "5000000.gpu");

    var later =
        assertThrows(
            ErrnoException.class, () -> core.attach(failing("a", "-", EPROBE_DEFER, "later"), gpu));
    var wrong =
        assertThrows(
            ErrnoException.class, () -> core.attach(failing("b", "-", EINVAL, "wrong"), gpu));

    assertThat(later.errno()).isEqualTo(Errno.EAGAIN);
    assertThat(wrong.errno()).isEqualTo(EINVAL);
    assertThat(gpu.driver()).isNull();
    assertThat(gpu.deferredReason()).isNull();
  }

  @Test
  void anUnboundDeviceCanBeBoundAgain() {
    DriverCore core = boot(noting("gpu", "vendor,gpu"));
    PlatformDevice gpu = device(core, "5000000.gpu");
    core.unbind(gpu);
    assertThat(gpu.driver()).isNull();

    core.bind(gpu);

    assertThat(gpu.driver()).isNotNull();
  }

  @Test
  void theNodesOwnOrderSaysWhichMatchIsTheMoreSpecific() {
    PlatformDevice gpu = device(boot(), "5000000.gpu");

    PlatformDriver both =
        new Driver("gpu", ImmutableList.of("vendor,gpu", "vendor,gpu-630"), device -> {});

    assertThat(gpu.match(both)).isEqualTo("vendor,gpu-630");
  }

  @Test
  void aSharedPeripheralInterruptCountsFromThirtyTwo() throws ErrnoException {
    assertThat(device(boot(), "5000000.gpu").irq(0).number()).isEqualTo(332);
  }

  @Test
  void theBusAboveSaysHowFarADeviceReaches() {
    DmaSettings dma = device(boot(noting("gpu", "vendor,gpu")), "5000000.gpu").dma();

    assertThat(dma.busLimit()).isEqualTo(0xf_ffff_ffffL);
    assertThat(dma.mask()).isEqualTo(0xffff_ffffL);
    assertThat(dma.isCoherent()).isTrue();
    assertThat(dma.isUntrusted()).isFalse();
  }

  @Test
  void whatIsBehindAPortToTheOutsideIsNotTrusted() {
    assertThat(device(boot(), "3.stick").dma().isUntrusted()).isTrue();
  }

  @Test
  void aDeviceWithoutItsClockAbortsAnAccess() throws ErrnoException {
    Wire clock = Wire.low();
    bus.attach("gpu", 0x5000000, 0x1000, RegisterFile.builder(0x1000).build(), clock);
    supplies.provide(gcc(), ImmutableIntArray.of(7), new Supply("gpu", clock));
    PlatformDevice gpu = device(boot(), "5000000.gpu");
    Mmio registers = gpu.registers(0);

    assertThrows(ExternalAbort.class, () -> registers.read32(0));
    gpu.clocks().getFirst().enable();
    assertThat(registers.read32(0)).isEqualTo(0);
  }

  @Test
  void aPowerDomainIsOnForTheProbeAndThenOnlyWhileTheDeviceIsInUse() throws ErrnoException {
    Wire domain = Wire.low();
    supplies.provide(gcc(), ImmutableIntArray.of(3), new Supply("gx", domain));
    DriverCore core =
        boot(
            new Driver(
                "arm-smmu",
                "vendor,smmu",
                device -> {
                  log.add("powered " + domain.isHigh());
                  device.pm().enable(RuntimePm.Callbacks.none(), true);
                }));
    RuntimePm pm = device(core, "5040000.iommu").pm();

    assertThat(log).contains("powered true");
    assertThat(domain.isHigh()).isFalse();
    pm.get();
    assertThat(domain.isHigh()).isTrue();
    pm.put();
    assertThat(domain.isHigh()).isFalse();
  }

  @Test
  void whoBindsByHandNamesDriverAndDevice() throws Exception {
    Driver gpu = noting("msm", "vendor,gpu");
    Driver smmu = noting("arm-smmu", "vendor,smmu");
    DriverCore core = boot(smmu, gpu);

    core.unbind(gpu, "5000000.gpu");
    assertThat(device(core, "5000000.gpu").driver()).isNull();
    assertThat(errnoOf(() -> core.unbind(gpu, "5000000.gpu"))).isEqualTo(ENODEV);
    assertThat(errnoOf(() -> core.unbind(gpu, "5040000.iommu"))).isEqualTo(ENODEV);
    assertThat(errnoOf(() -> core.unbind(gpu, "nothing"))).isEqualTo(ENODEV);

    assertThat(errnoOf(() -> core.bind(smmu, "5000000.gpu"))).isEqualTo(ENODEV);
    assertThat(errnoOf(() -> core.bind(gpu, "nothing"))).isEqualTo(ENODEV);
    core.bind(gpu, "5000000.gpu");
    assertThat(device(core, "5000000.gpu").driver()).isEqualTo(gpu);
    assertThat(errnoOf(() -> core.bind(gpu, "5000000.gpu"))).isEqualTo(EBUSY);
  }

  @Test
  void aProbeByHandThatWouldWaitSaysTryAgainAndIsNotTriedAgain() throws Exception {
    Driver smmu = noting("arm-smmu", "vendor,smmu");
    AtomicBoolean ready = new AtomicBoolean(true);
    Driver gpu =
        new Driver(
            "msm",
            "vendor,gpu",
            device -> {
              if (!ready.get()) {
                throw EPROBE_DEFER.because("no panel yet");
              }
            });
    DriverCore core = boot(smmu, gpu);
    core.unbind(gpu, "5000000.gpu");
    ready.set(false);

    assertThat(errnoOf(() -> core.bind(gpu, "5000000.gpu"))).isEqualTo(EAGAIN);
    ready.set(true);
    core.unbind(smmu, "5040000.iommu");
    core.bind(smmu, "5040000.iommu"); // has all that waits tried again

    assertThat(device(core, "5000000.gpu").driver()).isNull();
    assertThat(device(core, "5000000.gpu").deferredReason()).isNull();
  }

  @Test
  void aProbeByHandThatFailsGivesWhatItFailedWithAlsoInSilence() throws Exception {
    Driver gpu = failing("msm", "vendor,gpu", ENODEV, "not this one");
    DriverCore core = boot(noting("arm-smmu", "vendor,smmu"), gpu);

    assertThat(errnoOf(() -> core.bind(gpu, "5000000.gpu"))).isEqualTo(ENODEV);
    assertThat(device(core, "5000000.gpu").driver()).isNull();
  }

  private interface ByHand {
    void run() throws ErrnoException;
  }

  private static Errno errnoOf(ByHand call) {
    return assertThrows(ErrnoException.class, call::run).errno();
  }

  private DriverCore boot(PlatformDriver... drivers) {
    DriverCore core = bootUntilTheTimeout(drivers);
    core.reportDeferred();
    return core;
  }

  private DriverCore bootUntilTheTimeout(PlatformDriver... drivers) {
    PlatformServices services =
        new PlatformServices(
            scheduler, dmesg, bus, new IrqController(scheduler, dmesg, 200), supplies);
    DriverCore core =
        new DriverCore(
            services, ImmutableList.copyOf(drivers), hooks, new ArchDmaSetup.PerDevice());
    core.populate(tree);
    core.registerDrivers();
    core.lateInitcall();
    return core;
  }

  private Driver noting(String name, String compatible) {
    return new Driver(
        name,
        compatible,
        device -> {
          log.add("probe " + name + " " + device.name());
          device.devres().add("note", () -> log.add("release " + name));
        });
  }

  private static Driver failing(String name, String compatible, Errno errno, String why) {
    return new Driver(
        name,
        compatible,
        device -> {
          throw errno.because("%s", why);
        });
  }

  private static PlatformDevice device(DriverCore core, String name) {
    return requireNonNull(core.find(name));
  }

  private DtNode gcc() {
    return requireNonNull(tree.find("/soc@0/clock-controller@100000"));
  }

  private ImmutableList<String> probes() {
    return log.stream()
        .filter(line -> line.startsWith("probe "))
        .map(line -> line.substring("probe ".length()))
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<String> dmesgText() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }
}
