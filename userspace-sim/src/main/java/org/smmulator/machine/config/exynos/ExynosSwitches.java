package org.smmulator.machine.config.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.exynos.dma.ExynosPagetables;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the Exynos DRM driver. */
public final class ExynosSwitches {
  /** Empty for Linux's way on the board's architecture. */
  public static final Switch<Optional<ExynosMapping>> MAPPING =
      Switch.design(
          "exynos.mapping",
          "Chooses who owns the addresses that all Exynos engines share.",
          "by-architecture",
          ImmutableMap.of(
              "by-architecture", Optional.empty(),
              "dma-dev-default", Optional.of(new ExynosMapping.DmaDevDefault()),
              "arm-mapping", Optional.of(new ExynosMapping.ArmMapping()),
              "own-domain", Optional.of(new ExynosMapping.OwnDomain()),
              "own-allocator", Optional.of(new ExynosMapping.OwnAllocator()),
              "subsystem-ops", Optional.of(new ExynosMapping.SubsystemOps())));

  public static final Switch<ExynosFault> FAULT =
      Switch.design(
          "exynos.fault",
          "Decides what a fault of an Exynos engine ends: the job, or the machine.",
          "handled",
          ImmutableMap.of("handled", new ExynosFault.Handled(), "panic", new ExynosFault.Panic()));

  public static final Switch<ExynosPagetables> PAGETABLES =
      Switch.design(
          "exynos.pagetables",
          "Chooses the pagetable that Exynos engines walk for a file.",
          "shared",
          ImmutableMap.of(
              "shared", new ExynosPagetables.Shared(),
              "bind-task", new ExynosPagetables.BindTask()));

  public static final ImmutableList<Switch<?>> ALL = ImmutableList.of(MAPPING, PAGETABLES, FAULT);

  private ExynosSwitches() {}
}
