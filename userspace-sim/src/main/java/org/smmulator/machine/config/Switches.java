package org.smmulator.machine.config;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.iommu.DmaLayer;
import org.smmulator.iommu.DriverDomain;
import org.smmulator.iommu.GroupPolicy;
import org.smmulator.iommu.MapSplit;
import org.smmulator.iommu.PageSizePolicy;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.iommu.smmuv2.ContextBanks;
import org.smmulator.iommu.smmuv2.GpuDefaultDomain;
import org.smmulator.iommu.smmuv2.KernelBuild;
import org.smmulator.iommu.task.TaskMode;
import org.smmulator.kernel.device.ArchDmaSetup;

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
              "default-domain", time -> new DomainLookup.DefaultDomain(),
              "attached-domain", Switches::attached,
              "dma-type-only", time -> new DomainLookup.DmaTypeOnly(attached(time))));

  public static final Switch<Function<DmaLayer, DriverDomain>> DRIVER_DOMAIN =
      Switch.design(
          "dma.driver-domain",
          "driver-managed",
          ImmutableMap.of(
              "driver-managed",
              dma -> new DriverDomain.DriverManaged(),
              "none",
              dma -> new DriverDomain.None(),
              "set-default",
              DriverDomain.SetDefault::new,
              "flag-and-bless",
              DriverDomain.FlagAndBless::new));

  public static final Switch<ArchDmaSetup> DMA_DOMAIN =
      Switch.design(
          "arch.dma-domain",
          "per-device",
          ImmutableMap.of(
              "per-device", new ArchDmaSetup.PerDevice(),
              "per-iommu-instance", new ArchDmaSetup.PerIommuInstance(),
              "listed-devices", new ArchDmaSetup.ListedDevices()));

  public static final Switch<PageSizePolicy> PAGE_SIZES =
      Switch.design(
          "iommu.pgsize",
          "per-domain",
          ImmutableMap.of(
              "per-domain",
              new PageSizePolicy.PerDomain(),
              "merged",
              new PageSizePolicy.Merged(),
              "global",
              new PageSizePolicy.GlobalAnd(),
              "global-or",
              new PageSizePolicy.GlobalOr()));

  public static final Switch<MapSplit> MAP_SPLIT =
      Switch.design(
          "iommu.map-split",
          "core-batched",
          ImmutableMap.of(
              "core-batched", new MapSplit.CoreBatched(),
              "core-page-at-a-time", new MapSplit.CorePageAtATime(),
              "driver", new MapSplit.Driver(),
              "driver-lies", new MapSplit.DriverLies()));

  public static final Switch<Supplier<GroupPolicy>> GROUPS =
      Switch.design(
          "iommu.groups",
          "per-master",
          ImmutableMap.of(
              "per-master", GroupPolicy.PerMaster::new, "spanning", GroupPolicy.Spanning::new));

  public static final Switch<TaskMode> TASK_MODE =
      Switch.design(
          "iommu.task-mode",
          "by-compatible",
          ImmutableMap.of(
              "by-compatible",
                  new TaskMode.ByCompatible(ImmutableSet.of("smmulator,copy-engine-sva")),
              "by-dt-property", new TaskMode.ByProperty(),
              "by-flag", new TaskMode.ByFlag()));

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

  private static DomainLookup.AttachedDomain attached(Timebase time) {
    return new DomainLookup.AttachedDomain(time, DomainLookup.AttachedDomain.CONTENDED_LINE_NS);
  }
}
