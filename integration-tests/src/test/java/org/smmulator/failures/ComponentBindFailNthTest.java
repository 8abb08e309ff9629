package org.smmulator.failures;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.DrmDevice;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.scenario.KernelThread;

/**
 * The nth allocation fails while the components of an Exynos DRM device bind, for each n until none
 * does: those that were bound are unbound, nothing of them is left, and the same components bind
 * when memory is back.
 */
class ComponentBindFailNthTest {
  @ParameterizedTest
  @CsvSource({
    "tm2, dma-dev-default, 13800000.decon 13900000.dsi exynos-drm-vidi 12480000.g2d",
    "tm2, own-domain, 13800000.decon 13900000.dsi exynos-drm-vidi 12480000.g2d",
    "tm2, own-allocator, 13800000.decon 13900000.dsi exynos-drm-vidi 12480000.g2d",
    "tm2, subsystem-ops, 13800000.decon 13900000.dsi exynos-drm-vidi 12480000.g2d",
    "snow, dma-dev-default, 14400000.fimd 14450000.mixer 145b0000.dp-controller 14530000.hdmi"
        + " exynos-drm-vidi 10850000.g2d",
  })
  void whoeverRefusesNobodyStaysBound(String board, String mapping, String refused)
      throws Exception {
    Set<String> seen = new TreeSet<>();
    NthAllocation.failEach(nth -> failing(board, mapping, nth, seen));
    assertWithMessage("those that refused")
        .that(seen)
        .isEqualTo(new TreeSet<>(ImmutableList.copyOf(refused.split(" ", -1))));
  }

  private static @Nullable Site failing(String board, String mapping, long nth, Set<String> refused)
      throws Exception {
    String story = "%s, %s, allocation %d".formatted(board, mapping, nth);
    KernelConfig config =
        KernelConfig.defaults()
            .with("exynos.mapping", mapping)
            .with("exynos.detach=own-controllers")
            .with("exynos.vidi=y");
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      machine.settle();
      PlatformDevice card = requireNonNull(machine.devices().find("exynos-drm"));
      KernelThread.run(machine, () -> machine.devices().unbind(card));
      ImmutableMap<String, Long> before = pagesInUse(machine);
      int quiet = machine.dmesg().lines().size();

      machine.faults().failNth(nth);
      KernelThread.run(machine, () -> machine.devices().bind(card));
      Site failed = machine.faults().disarm();

      ImmutableList<String> said =
          machine.dmesg().lines().stream()
              .skip(quiet)
              .map(Object::toString)
              .collect(toImmutableList());
      for (String line : said) {
        int at = line.indexOf("failed to bind ");
        if (at >= 0) {
          refused.add(line.substring(at + "failed to bind ".length()).split(" ", -1)[0]);
        }
      }
      if (card.find(DrmDevice.class) == null) {
        assertWithMessage(story).that(failed).isNotNull();
        assertWithMessage(story).that(pagesInUse(machine)).isEqualTo(before);
        checkNobodyIsBound(machine, story);
        KernelThread.run(machine, () -> machine.devices().bind(card));
      }
      assertWithMessage("%s: %s", story, said).that(card.find(DrmDevice.class)).isNotNull();
      machine.shutDown();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      return failed;
    }
  }

  private static ImmutableMap<String, Long> pagesInUse(Machine machine) {
    TreeMap<String, Long> pages = new TreeMap<>();
    for (PageOwner owner : machine.pages().owners()) {
      if (owner.pagesInUse() > 0) {
        pages.merge(owner.name(), owner.pagesInUse(), Long::sum);
      }
    }
    return ImmutableMap.copyOf(pages);
  }

  /** Every engine is asleep, and in the domain that the core gave it. */
  private static void checkNobodyIsBound(Machine machine, String story) {
    for (PlatformDevice device : machine.devices().devices()) {
      IommuGroup group = machine.iommu().groupOf(device);
      if (group != null) {
        assertWithMessage("%s: %s", story, device.name())
            .that(machine.iommu().domainOf(device))
            .isSameInstanceAs(group.defaultDomain());
      }
      if (device.driver() != null
          && device.name().matches(".*(decon|mic|dsi|g2d|scaler|fimd|mixer)")) {
        assertWithMessage("%s: %s", story, device.name()).that(device.pm().isActive()).isFalse();
      }
    }
  }
}
