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
      Switch.flag("iommu.strict", "Invalidates the TLB at each unmap, not in batches.", true)
          .told(
              "0",
              "Linux, iommu.strict=0",
              "Unmapped addresses wait in a queue and are invalidated together.")
          .told(
              "1",
              "Linux, iommu.strict=1",
              "An unmap returns when the TLB has forgotten the address.");

  public static final Switch<Boolean> PASSTHROUGH =
      Switch.flag("iommu.passthrough", "Makes identity the default domain of devices.", false)
          .told("0", "Linux today", "A device's DMA is translated.")
          .told(
              "1",
              "Linux, iommu.passthrough=1",
              "A device's DMA goes to physical addresses, where nothing forbids it.");

  public static final Switch<PageSizePolicy> PAGE_SIZES =
      Switch.<PageSizePolicy>design(
              "iommu.pgsize",
              "Chooses the page sizes of a domain.",
              "per-domain",
              ImmutableMap.of(
                  "per-domain", new PageSizePolicy.PerDomain(),
                  "merged", new PageSizePolicy.Merged(),
                  "global", new PageSizePolicy.GlobalAnd(),
                  "global-or", new PageSizePolicy.GlobalOr()))
          .told(
              "per-domain",
              "Will Deacon, 2015; Linux since 2016",
              "A domain has the sizes of its own table, and none before that is made.")
          .told(
              "merged",
              "Joerg Roedel, 2015",
              "A domain for no device in particular has the sizes of all IOMMUs merged;"
                  + " iommu_domain_alloc_for_group() makes one that is final.")
          .told(
              "global",
              "Linux in 2015, all instances agree",
              "Every domain has the sizes that all IOMMUs have; of 4K-only beside 16K-only that is"
                  + " none.")
          .told(
              "global-or",
              "Linux in 2015, any instance will do",
              "Every domain is promised the sizes that any IOMMU has.");

  public static final Switch<MapSplit> MAP_SPLIT =
      Switch.<MapSplit>design(
              "iommu.map-split",
              "Splits a range that is mapped into pages.",
              "core-batched",
              ImmutableMap.of(
                  "core-batched", new MapSplit.CoreBatched(),
                  "core-page-at-a-time", new MapSplit.CorePageAtATime(),
                  "driver", new MapSplit.Driver(),
                  "driver-lies", new MapSplit.DriverLies()))
          .told(
              "core-batched",
              "Isaac J. Manjarres and Will Deacon; Linux since 2021",
              "The core chooses a size and a count, and the driver writes them in one call.")
          .told(
              "core-page-at-a-time",
              "Linux in 2015, defended by Joerg Roedel",
              "The core calls the driver once for each leaf.")
          .told(
              "driver",
              "Robin Murphy, 2015",
              "The driver gets the whole range and does as it likes.")
          .told(
              "driver-lies",
              "the Intel driver in 2015",
              "The driver advertises every power of two, and cuts what it gets into the leaves that"
                  + " it has.");

  public static final Switch<Supplier<GroupPolicy>> GROUPS =
      Switch.<Supplier<GroupPolicy>>design(
              "iommu.groups",
              "Chooses the devices that share a group.",
              "per-master",
              ImmutableMap.of(
                  "per-master", GroupPolicy.PerMaster::new,
                  "spanning", GroupPolicy.Spanning::new,
                  "driver-told", GroupPolicy.DriverTold::new))
          .told(
              "per-master",
              "Linux today",
              "Devices share a group if their IOMMU cannot tell them apart.")
          .told(
              "spanning",
              "named in 2018",
              "Masters of one logical device are one group, though each has an IOMMU; the board"
                  + " says who belongs together.")
          .told(
              "driver-told",
              "named in 2018",
              "The driver of a logical device says which devices are parts of it.");

  public static final Switch<TaskMode> TASK_MODE =
      Switch.<TaskMode>design(
              "iommu.task-mode",
              "Decides whether a bound task gets a table or shares its process's.",
              "by-compatible",
              ImmutableMap.of(
                  "by-compatible",
                      new TaskMode.ByCompatible(ImmutableSet.of("smmulator,copy-engine-sva")),
                  "by-dt-property", new TaskMode.ByProperty(),
                  "by-flag", new TaskMode.ByFlag()))
          .told(
              "by-compatible",
              "named in 2017",
              "The kernel has a list of the devices that share process tables.")
          .told(
              "by-dt-property",
              "named in 2017",
              "The device tree says of each device whether it shares process tables.")
          .told("by-flag", "Jordan Crouse, 2017", "Who binds says which it wants.");

  static final ImmutableList<Switch<?>> ALL =
      ImmutableList.of(STRICT, PASSTHROUGH, PAGE_SIZES, MAP_SPLIT, GROUPS, TASK_MODE);

  private IommuSwitches() {}
}
