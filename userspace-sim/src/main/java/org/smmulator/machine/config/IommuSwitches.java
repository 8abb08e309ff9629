package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.Supplier;
import org.smmulator.iommu.GroupPolicy;
import org.smmulator.iommu.MapSplit;
import org.smmulator.iommu.PageSizePolicy;
import org.smmulator.iommu.task.TaskMode;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the IOMMU core. */
public final class IommuSwitches {
  public static final Switch<Boolean> STRICT =
      Switch.flag("iommu.strict", "Invalidates the TLB at each unmap, not in batches.", true);

  public static final Switch<Boolean> PASSTHROUGH =
      Switch.flag("iommu.passthrough", "Makes identity the default domain of devices.", false);

  public static final Switch<PageSizePolicy> PAGE_SIZES =
      Switch.design(
          "iommu.pgsize",
          "Chooses the page sizes of a domain.",
          "per-domain",
          ImmutableMap.of(
              "per-domain", new PageSizePolicy.PerDomain(),
              "merged", new PageSizePolicy.Merged(),
              "global", new PageSizePolicy.GlobalAnd(),
              "global-or", new PageSizePolicy.GlobalOr()));

  public static final Switch<MapSplit> MAP_SPLIT =
      Switch.design(
          "iommu.map-split",
          "Splits a range that is mapped into pages.",
          "core-batched",
          ImmutableMap.of(
              "core-batched", new MapSplit.CoreBatched(),
              "core-page-at-a-time", new MapSplit.CorePageAtATime(),
              "driver", new MapSplit.Driver(),
              "driver-lies", new MapSplit.DriverLies()));

  public static final Switch<Supplier<GroupPolicy>> GROUPS =
      Switch.design(
          "iommu.groups",
          "Chooses the devices that share a group.",
          "per-master",
          ImmutableMap.of(
              "per-master", GroupPolicy.PerMaster::new,
              "spanning", GroupPolicy.Spanning::new,
              "driver-told", GroupPolicy.DriverTold::new));

  public static final Switch<TaskMode> TASK_MODE =
      Switch.design(
          "iommu.task-mode",
          "Decides whether a bound task gets a table or shares its process's.",
          "by-compatible",
          ImmutableMap.of(
              "by-compatible",
                  new TaskMode.ByCompatible(ImmutableSet.of("smmulator,copy-engine-sva")),
              "by-dt-property", new TaskMode.ByProperty(),
              "by-flag", new TaskMode.ByFlag()));

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(STRICT, PASSTHROUGH, PAGE_SIZES, MAP_SPLIT, GROUPS, TASK_MODE);

  private IommuSwitches() {}
}
