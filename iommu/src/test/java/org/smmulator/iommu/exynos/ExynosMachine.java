package org.smmulator.iommu.exynos;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.sysmmu.Sysmmu;
import org.smmulator.hw.sysmmu.SysmmuConfig;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * A display's corner of an Exynos: DECON behind two sysmmus, a mixer and a G2D behind one each, the
 * real models. A sysmmu's registers can be reached only while its clock runs.
 */
final class ExynosMachine implements AutoCloseable {
  static final int NOTHING = -1;

  private static final int SYSMMUS = 4;
  private static final int REGISTER_BYTES = 0x9000;
  private static final int FIRST_IRQ = 100;
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            m0: sysmmu@0 { compatible = "samsung,exynos-sysmmu"; #iommu-cells = <0>; };
            m1: sysmmu@1 { compatible = "samsung,exynos-sysmmu"; #iommu-cells = <0>; };
            m2: sysmmu@2 { compatible = "samsung,exynos-sysmmu"; #iommu-cells = <0>; };
            m3: sysmmu@3 { compatible = "samsung,exynos-sysmmu"; #iommu-cells = <0>; };
            decon@13800000 { iommus = <&m0>, <&m1>, <&m0>; };
            mixer@14450000 { iommus = <&m2>; };
            g2d@10850000 { iommus = <&m3>; };
          };
          """);

  /** What the driver stores, in words; stores to one register can be lost. */
  static final class Registers implements MmioTarget {
    private final MmioTarget model;
    final List<String> stores = new ArrayList<>();
    int lost = NOTHING;

    /** Whether the sysmmu says, whatever it is told, that its master goes on. */
    boolean neverBlocked;

    int statusReads;

    Registers(MmioTarget model) {
      this.model = model;
    }

    @Override
    public int read32(int offset) {
      if (offset == SysmmuRegs.STATUS.offset()) {
        statusReads++;
        return neverBlocked ? 0 : model.read32(offset);
      }
      return model.read32(offset);
    }

    @Override
    public void write32(int offset, int value) {
      stores.add("%x=%x".formatted(offset, value));
      if (offset != lost) {
        model.write32(offset, value);
      }
    }

    MmioTarget model() {
      return model;
    }

    List<String> takeStores() {
      List<String> taken = List.copyOf(stores);
      stores.clear();
      return taken;
    }
  }

  final TestKernel kernel;
  final List<Device> sysmmus = new ArrayList<>();
  final List<Sysmmu> models = new ArrayList<>();
  final List<Registers> registers = new ArrayList<>();
  final Losses losses = new Losses();
  final List<Wire> clocks = new ArrayList<>();
  final Device decon;
  final Device mixer;
  final Device g2d;
  private final ExynosSysmmuDriver driver;

  ExynosMachine(int major, int minor) throws Exception {
    this(config(major, minor));
  }

  ExynosMachine(SysmmuConfig config) throws Exception {
    this(config, new ExynosDetach.AllControllers());
  }

  ExynosMachine(SysmmuConfig config, ExynosDetach detaching) throws Exception {
    this.kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER);
    for (int i = 0; i < SYSMMUS; i++) {
      Sysmmu model =
          new Sysmmu(config, kernel.scheduler, kernel.dram, kernel.irqs.line(FIRST_IRQ + i));
      models.add(model);
      registers.add(new Registers(losses.around(model.mmio(), flushes(config))));
      clocks.add(Wire.low());
      sysmmus.add(device("/sysmmu@" + i));
    }
    this.decon = device("/decon@13800000");
    this.mixer = device("/mixer@14450000");
    this.g2d = device("/g2d@10850000");
    this.driver = new ExynosSysmmuDriver(kernel.services, detaching);
  }

  static SysmmuConfig config(int major, int minor) {
    return new SysmmuConfig(
        major, minor, false, false, new SysmmuConfig.Tlb(SysmmuConfig.Tlb.UNBOUNDED, 2, 20, 50));
  }

  private static IntPredicate flushes(SysmmuConfig config) {
    SysmmuVariant variant = SysmmuVariant.of(config.major(), config.virtualMachines());
    return offset ->
        offset == variant.flushEntry().offset()
            || (variant.hasRanges() && offset == variant.flushRange().offset());
  }

  private Device device(String path) {
    Device device = kernel.platformDevice(requireNonNull(TREE.find(path)));
    device.attach(RuntimePm.class, new RuntimePm(kernel.scheduler, device.name()));
    return device;
  }

  /** All drivers bind, and the masters are in use. */
  ExynosMachine boot() throws Exception {
    kernel.run(() -> {
      bootAsleep();
      wake(decon);
      wake(mixer);
      wake(g2d);
    });
    return this;
  }

  /** All drivers bind, and the masters sleep. Called in a task's context. */
  void bootAsleep() throws ErrnoException {
    for (Device master : ImmutableList.of(decon, mixer, g2d)) {
      pm(master).enable(RuntimePm.Callbacks.none(), false);
      kernel.iommu.bus().deviceAdded(master);
    }
    for (int i = 0; i < SYSMMUS; i++) {
      probe(i);
    }
  }

  /** The driver binds to one sysmmu. */
  void probe(int index) throws ErrnoException {
    Wire clock = clocks.get(index);
    driver.probe(
        new SysmmuDrvdata.Resources(
            sysmmus.get(index),
            new Mmio(
                "sysmmu", registers.get(index), 0, REGISTER_BYTES, clock, kernel.scheduler, 100),
            kernel.irqs.line(FIRST_IRQ + index),
            pm(sysmmus.get(index)),
            ImmutableList.of(new Supply("sysmmu", clock))));
  }

  static void wake(Device master) throws ErrnoException {
    pm(master).get();
  }

  static void sleep(Device master) throws ErrnoException {
    pm(master).put();
  }

  private static RuntimePm pm(Device device) {
    return requireNonNull(device.find(RuntimePm.class));
  }

  SysmmuDrvdata controller(int index) {
    return requireNonNull(sysmmus.get(index).find(SysmmuDrvdata.class));
  }

  /** A domain of a master's own, attached. */
  IommuDomain.Paging attached(Device master) throws ErrnoException {
    IommuDomain.Paging domain = kernel.iommu.allocPaging(master);
    kernel.iommu.attach(domain, master);
    return domain;
  }

  /** A master's port through one sysmmu. */
  BusMaster port(int index) {
    return new BusMaster(kernel.dram, models.get(index), 0);
  }

  /** Lets interrupts through. */
  void settle() {
    kernel.scheduler.sleep(100_000);
  }

  /** The interesting lines of the log. */
  ImmutableList<String> log() {
    return kernel.log().stream()
        .filter(line -> !line.contains("Adding to iommu group"))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    kernel.close();
  }
}
