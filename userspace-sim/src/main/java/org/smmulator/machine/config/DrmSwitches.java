package org.smmulator.machine.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.machine.config.choice.Switch;

/** Switches of the DRM core. */
public final class DrmSwitches {
  public static final Switch<GemPages.Placement> GEM_BACKING =
      Switch.<GemPages.Placement>design(
              "gem.backing",
              "Backs a buffer with pages as shmem gives them, or with one run of memory.",
              "scattered",
              ImmutableMap.of(
                  "scattered", GemPages.Placement.SCATTERED,
                  "contiguous", GemPages.Placement.CONTIGUOUS))
          .told("scattered", "Linux today", "Pages of a buffer lie where shmem finds them.")
          .told(
              "contiguous",
              "smmulator",
              "Pages of a buffer lie in one run, so that large leaves can map them.");

  static final ImmutableList<Switch<?>> ALL = ImmutableList.of(GEM_BACKING);

  private DrmSwitches() {}
}
