package org.smmulator.machine.config;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.iommu.CoreBatched;
import org.smmulator.iommu.CorePageAtATime;
import org.smmulator.iommu.DmaDomains;
import org.smmulator.iommu.DmaLayer;
import org.smmulator.iommu.DomainForListedDevices;
import org.smmulator.iommu.DomainPerDevice;
import org.smmulator.iommu.DomainPerInstance;
import org.smmulator.iommu.DriverDomain;
import org.smmulator.iommu.DriverLies;
import org.smmulator.iommu.DriverManagedDma;
import org.smmulator.iommu.DriverSplit;
import org.smmulator.iommu.FlagAndBless;
import org.smmulator.iommu.GlobalAndPageSizes;
import org.smmulator.iommu.GlobalOrPageSizes;
import org.smmulator.iommu.GroupPerMaster;
import org.smmulator.iommu.GroupPolicy;
import org.smmulator.iommu.MapSplit;
import org.smmulator.iommu.MergedPageSizes;
import org.smmulator.iommu.NoDriverDomain;
import org.smmulator.iommu.PageSizePolicy;
import org.smmulator.iommu.PageSizesPerDomain;
import org.smmulator.iommu.SetDefaultDomain;
import org.smmulator.iommu.SpanningGroups;
import org.smmulator.iommu.dma.AttachedDomainLookup;
import org.smmulator.iommu.dma.DefaultDomainLookup;
import org.smmulator.iommu.dma.DmaTypeOnlyLookup;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.iommu.smmuv2.ContextBanks;
import org.smmulator.iommu.smmuv2.GpuDefaultDomain;
import org.smmulator.iommu.smmuv2.KernelBuild;
import org.smmulator.iommu.task.TaskMode;
import org.smmulator.iommu.task.TaskModeByCompatible;
import org.smmulator.iommu.task.TaskModeByFlag;
import org.smmulator.iommu.task.TaskModeByProperty;

/**
 * Every switch of a machine. Unset, each is what Linux does today.
 *
 * <p>The designs of the mailing-list arguments are switches: a value is what one side proposed.
 */
public final class Switches {
  public static final Switch<GemBacking> GEM_BACKING =
      Switch.oneOf("gem.backing", GemBacking.SCATTERED);

  public static final Switch<ScheduleKind> SCHEDULE =
      Switch.oneOf("schedule", ScheduleKind.FIRST_COME);

  /** Of every random choice. */
  public static final Switch<Long> SEED = Switch.number("seed", 0);

  // ---- the kernel's parameters

  public static final Switch<Boolean> IOMMU_STRICT = Switch.flag("iommu.strict", true);

  public static final Switch<Boolean> IOMMU_PASSTHROUGH = Switch.flag("iommu.passthrough", false);

  /** What the kernel was built for: of the tables that an SMMU reads, it makes the CPU's. */
  public static final Switch<KernelBuild> KERNEL_BUILD =
      Switch.design(
          "kernel.build",
          "arm64",
          ImmutableMap.of(
              "arm64", new KernelBuild.Arm64(),
              "arm-lpae", new KernelBuild.ArmLpae(),
              "arm", new KernelBuild.Arm()));

  /** What becomes of streams that an SMMUv2 does not know: 1 refuses them. */
  public static final Switch<Boolean> SMMU_DISABLE_BYPASS =
      Switch.flag("arm-smmu.disable_bypass", true);

  /** Whether somebody watches what drivers do with the DMA API. */
  public static final Switch<Boolean> DMA_DEBUG = Switch.flag("dma.debug", false);

  /** Whether CPU writes stay in a cache for devices that do not snoop. */
  public static final Switch<CpuCaches> CPU_CACHE = Switch.oneOf("cpu.cache", CpuCaches.NONE);

  // ---- the arguments

  public static final Switch<GpuDefaultDomain> GPU_DEFAULT_DOMAIN =
      Switch.design(
          "smmu.gpu-default-domain",
          "identity",
          ImmutableMap.of(
              "identity", new GpuDefaultDomain.Identity(),
              "dma", new GpuDefaultDomain.Dma(),
              "opt-out", new GpuDefaultDomain.OptOut()));

  public static final Switch<ContextBanks> CONTEXT_BANKS =
      Switch.design(
          "smmu.context-banks",
          "reserve-bank0",
          ImmutableMap.of(
              "reserve-bank0", new ContextBanks.ReserveBankZero(),
              "first-free", new ContextBanks.FirstFree()));

  public static final Switch<Function<Timebase, DomainLookup>> IOMMU_LOOKUP =
      Switch.design(
          "dma.iommu-lookup",
          "default-domain",
          ImmutableMap.of(
              "default-domain", time -> new DefaultDomainLookup(),
              "attached-domain", Switches::attached,
              "dma-type-only", time -> new DmaTypeOnlyLookup(attached(time))));

  public static final Switch<Function<DmaLayer, DriverDomain>> DRIVER_DOMAIN =
      Switch.design(
          "dma.driver-domain",
          "driver-managed",
          ImmutableMap.of(
              "driver-managed",
              dma -> new DriverManagedDma(),
              "none",
              dma -> new NoDriverDomain(),
              "set-default",
              SetDefaultDomain::new,
              "flag-and-bless",
              FlagAndBless::new));

  /** In-kernel users only, with no process to keep apart: what such a list would have held. */
  private static final ImmutableSet<String> DMA_DOMAIN_MEMBERS =
      ImmutableSet.of(
          "smmulator,sdhost",
          "samsung,exynos5250-dw-mshc",
          "samsung,exynos7-dw-mshc-smu",
          "qcom,sdhci-msm-v4");

  public static final Switch<Function<DmaLayer, DmaDomains>> DMA_DOMAIN =
      Switch.design(
          "arch.dma-domain",
          "per-device",
          ImmutableMap.of(
              "per-device", DomainPerDevice::new,
              "per-iommu-instance", DomainPerInstance::new,
              "listed-devices", dma -> new DomainForListedDevices(DMA_DOMAIN_MEMBERS, dma)));

  public static final Switch<Supplier<PageSizePolicy>> PAGE_SIZES =
      Switch.design(
          "iommu.pgsize",
          "per-domain",
          ImmutableMap.of(
              "per-domain",
              PageSizesPerDomain::new,
              "merged",
              MergedPageSizes::new,
              "global",
              GlobalAndPageSizes::new,
              "global-or",
              GlobalOrPageSizes::new));

  public static final Switch<Supplier<MapSplit>> MAP_SPLIT =
      Switch.design(
          "iommu.map-split",
          "core-batched",
          ImmutableMap.of(
              "core-batched", CoreBatched::new,
              "core-page-at-a-time", CorePageAtATime::new,
              "driver", DriverSplit::new,
              "driver-lies", DriverLies::new));

  public static final Switch<Supplier<GroupPolicy>> GROUPS =
      Switch.design(
          "iommu.groups",
          "per-master",
          ImmutableMap.of("per-master", GroupPerMaster::new, "spanning", SpanningGroups::new));

  public static final Switch<Supplier<TaskMode>> TASK_MODE =
      Switch.design(
          "iommu.task-mode",
          "by-compatible",
          ImmutableMap.of(
              "by-compatible",
                  () -> new TaskModeByCompatible(ImmutableSet.of("smmulator,copy-engine-sva")),
              "by-dt-property", TaskModeByProperty::new,
              "by-flag", TaskModeByFlag::new));

  private static final ImmutableMap<String, Switch<?>> ALL =
      Stream.of(
              GEM_BACKING,
              SCHEDULE,
              SEED,
              IOMMU_STRICT,
              IOMMU_PASSTHROUGH,
              SMMU_DISABLE_BYPASS,
              KERNEL_BUILD,
              DMA_DEBUG,
              CPU_CACHE,
              GPU_DEFAULT_DOMAIN,
              CONTEXT_BANKS,
              IOMMU_LOOKUP,
              DRIVER_DOMAIN,
              DMA_DOMAIN,
              PAGE_SIZES,
              MAP_SPLIT,
              GROUPS,
              TASK_MODE)
          .collect(toImmutableMap(Switch::key, each -> each));

  private Switches() {}

  /** All of them by key. */
  public static ImmutableMap<String, Switch<?>> all() {
    return ALL;
  }

  static @Nullable Switch<?> find(String key) {
    return ALL.get(key);
  }

  private static AttachedDomainLookup attached(Timebase time) {
    return new AttachedDomainLookup(time, AttachedDomainLookup.CONTENDED_LINE_NS);
  }
}
