package org.smmulator.failures;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;

/**
 * The nth allocation of a boot fails, for each n until none does: in the probe of an IOMMU, in that
 * of a master, while a group is made. The kernel boots; a device whose driver could not have what
 * it needs has none, or no IOMMU; and when the machine goes down nothing is left of what was taken.
 */
class BootFailNthTest {
  /** Fewer devices can have come to nothing than there are: one allocation fails. */
  private static final int MOST_LOST = 3;

  @ParameterizedTest
  @CsvSource({
    "virt, , PAGE IOVA CONTEXT_BANK ASID STREAM_ENTRY",
    "db410c, , PAGE IOVA",
    "db820c, , PAGE IOVA CONTEXT_BANK STREAM_ENTRY",
    "db845c, , PAGE IOVA CONTEXT_BANK STREAM_ENTRY",
    "trogdor, , PAGE IOVA CONTEXT_BANK STREAM_ENTRY",
    "tm2, , PAGE IOVA BLOB MODE_OBJECT",
    "tm2, exynos.vidi=y, PAGE IOVA BLOB MODE_OBJECT",
    "tm2, exynos.pagetables=bind-task, PAGE IOVA BLOB MODE_OBJECT",
    "tm2, exynos.mapping=own-domain, PAGE IOVA BLOB MODE_OBJECT",
    "tm2, exynos.mapping=own-allocator, PAGE IOVA BLOB MODE_OBJECT",
    "tm2, exynos.mapping=subsystem-ops, PAGE IOVA BLOB MODE_OBJECT",
    "snow, , PAGE BLOB MODE_OBJECT",
    "snow, exynos.vidi=y, PAGE BLOB MODE_OBJECT",
  })
  void theBoardBootsWithoutWhatFailed(String board, @Nullable String setting, String sites)
      throws Exception {
    KernelConfig config =
        setting == null ? KernelConfig.defaults() : KernelConfig.defaults().with(setting);
    long bound = boundAtBoot(board, config);
    Set<Site> failed = NthAllocation.failEach(nth -> failInBoot(board, config, nth, bound));
    Set<Site> expected = EnumSet.noneOf(Site.class);
    for (String name : sites.split(" ", -1)) {
      expected.add(Site.valueOf(name));
    }
    assertWithMessage(board).that(failed).isEqualTo(expected);
  }

  private static long boundAtBoot(String board, KernelConfig config) throws Exception {
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      machine.settle();
      return bound(machine);
    }
  }

  private static long bound(Machine machine) {
    return machine.devices().devices().stream().filter(device -> device.driver() != null).count();
  }

  /** Lists warnings, but for what the core says of a default domain that cannot be attached. */
  private static ImmutableList<String> warnings(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(Object::toString)
        .filter(line -> line.contains("WARNING:") && !line.contains("iommu_setup_default_domain"))
        .collect(toImmutableList());
  }

  private static @Nullable Site failInBoot(String board, KernelConfig config, long nth, long bound)
      throws Exception {
    String story = "%s, allocation %d".formatted(board, nth);
    try (Machine machine =
        Machine.on(new Boards().load(board))
            .config(config)
            .observe(made -> made.faults().failNth(nth))
            .boot()) {
      machine.settle();
      Site failed = machine.faults().disarm();
      assertWithMessage(story).that(bound(machine)).isAtLeast(bound - MOST_LOST);
      machine.shutDown();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      assertWithMessage(story).that(warnings(machine)).isEmpty();
      return failed;
    }
  }
}
