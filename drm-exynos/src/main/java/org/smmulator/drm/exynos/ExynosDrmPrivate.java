package org.smmulator.drm.exynos;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.task.Task;

/**
 * The state that the components of the DRM device share. Kernel: {@code struct exynos_drm_private}.
 */
final class ExynosDrmPrivate {
  private final ExynosMapping.Shared mapping;
  private final ExynosPagetables pagetables;
  private final ExynosPagetables.Services tables;
  private @Nullable G2dData g2d;

  ExynosDrmPrivate(
      ExynosMapping.Shared mapping, ExynosPagetables pagetables, ExynosPagetables.Services tables) {
    this.mapping = mapping;
    this.pagetables = pagetables;
    this.tables = tables;
  }

  /** The state behind an aggregate whose bind has begun. */
  static ExynosDrmPrivate of(AggregateDevice aggregate) {
    ExynosDrmPrivate made = aggregate.parent().find(ExynosDrmPrivate.class);
    if (made == null) {
      throw new IllegalStateException(aggregate.parent().name() + " is not being bound");
    }
    return made;
  }

  ExynosMapping.Shared mapping() {
    return mapping;
  }

  /** Makes what a file that {@code opener} has opened has on the engines. */
  ExynosPagetables.Space openSpace(Task opener) {
    return pagetables.open(tables, mapping, opener);
  }

  /** Takes {@code engine} out of whatever file's table it walks. */
  void restore(Device engine) {
    pagetables.restore(tables, mapping, engine);
  }

  boolean keepsListsApart() {
    return pagetables.keepsListsApart();
  }

  /** The 2D engine; null if there is none. */
  @Nullable G2dData g2d() {
    return g2d;
  }

  void setG2d(@Nullable G2dData engine) {
    g2d = engine;
  }
}
