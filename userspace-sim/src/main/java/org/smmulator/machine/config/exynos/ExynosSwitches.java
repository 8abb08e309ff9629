package org.smmulator.machine.config.exynos;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import org.smmulator.drm.exynos.dma.ExynosFault;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.drm.exynos.dma.ExynosPagetables;
import org.smmulator.drm.exynos.kms.ExynosVidi;
import org.smmulator.iommu.exynos.ExynosDetach;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the drivers of Exynos: DRM and the sysmmu. */
public final class ExynosSwitches {
  /** Empty for Linux's way on the board's architecture. */
  public static final Switch<Optional<ExynosMapping>> MAPPING =
      Switch.<Optional<ExynosMapping>>design(
              "exynos.mapping",
              "Chooses who owns the addresses that all Exynos engines share.",
              "by-architecture",
              ImmutableMap.of(
                  "by-architecture", Optional.empty(),
                  "dma-dev-default", Optional.of(new ExynosMapping.DmaDevDefault()),
                  "arm-mapping", Optional.of(new ExynosMapping.ArmMapping()),
                  "own-domain", Optional.of(new ExynosMapping.OwnDomain()),
                  "own-allocator", Optional.of(new ExynosMapping.OwnAllocator()),
                  "subsystem-ops", Optional.of(new ExynosMapping.SubsystemOps())))
          .told(
              "by-architecture",
              "Linux today",
              "dma-dev-default on arm64, arm-mapping on 32-bit Arm.")
          .told(
              "dma-dev-default",
              "Marek Szyprowski, 2018; Linux on arm64",
              "All engines use the default domain of the first.")
          .told(
              "arm-mapping",
              "Linux on 32-bit Arm",
              "All engines share the architecture's mapping over a window.")
          .told(
              "own-domain",
              "Linux from 2014 to 2018",
              "The driver makes a domain with a cookie of the DMA API and attaches all engines to"
                  + " it.")
          .told(
              "own-allocator",
              "Thierry Reding, 2014",
              "An unmanaged domain with the driver's own allocator: the DMA API has no part in it.")
          .told(
              "subsystem-ops",
              "Will Deacon, 2014",
              "The DRM device installs operations of its own on every engine.");

  public static final Switch<ExynosFault> FAULT =
      Switch.<ExynosFault>design(
              "exynos.fault",
              "Decides what a fault of an Exynos engine ends: the job, or the machine.",
              "handled",
              ImmutableMap.of(
                  "handled", new ExynosFault.Handled(), "panic", new ExynosFault.Panic()))
          .told("handled", "smmulator", "A fault ends the engine's job.")
          .told("panic", "Linux today", "A fault that nobody handles ends in BUG().");

  public static final Switch<ExynosDetach> DETACH =
      Switch.<ExynosDetach>design(
              "exynos.detach",
              "Decides whose sysmmus lose a shared domain when one master leaves it.",
              "all-controllers",
              ImmutableMap.of(
                  "all-controllers", new ExynosDetach.AllControllers(),
                  "own-controllers", new ExynosDetach.OwnControllers()))
          .told(
              "all-controllers",
              "Linux",
              "Every sysmmu of the domain is cut off, those of masters that stay as well.")
          .told(
              "own-controllers",
              "smmulator",
              "Only the sysmmus of the master that leaves are cut off.");

  public static final Switch<ExynosPagetables> PAGETABLES =
      Switch.<ExynosPagetables>design(
              "exynos.pagetables",
              "Chooses the pagetable that Exynos engines walk for a file.",
              "shared",
              ImmutableMap.of(
                  "shared", new ExynosPagetables.Shared(),
                  "bind-task", new ExynosPagetables.BindTask()))
          .told("shared", "Linux today", "All engines walk one table for all files.")
          .told(
              "bind-task",
              "Thierry Reding, 2014",
              "The 2D engine and the scalers walk the table of the file whose job they run;"
                  + " scan-out stays on the shared one.");

  public static final Switch<ExynosVidi> VIDI =
      Switch.<ExynosVidi>design(
              "exynos.vidi",
              "Decides whether the kernel has the virtual display of Exynos.",
              "n",
              ImmutableMap.of("n", ExynosVidi.LEFT_OUT, "y", ExynosVidi.COMPILED_IN))
          .told("n", "Linux's defconfigs", "CONFIG_DRM_EXYNOS_VIDI is not set.")
          .told("y", "a kernel for tests", "A client plugs a monitor of its own in and out.");

  public static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(MAPPING, PAGETABLES, FAULT, DETACH, VIDI);

  private ExynosSwitches() {}
}
