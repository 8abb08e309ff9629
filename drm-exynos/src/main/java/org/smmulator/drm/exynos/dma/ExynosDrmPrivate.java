package org.smmulator.drm.exynos.dma;

import org.smmulator.kernel.component.AggregateDevice;

/**
 * The state that the components of the DRM device share. Kernel: {@code struct exynos_drm_private}.
 */
public final class ExynosDrmPrivate {
  private final ExynosMapping.Shared mapping;
  private final EngineTurns turns;
  private final boolean keepsListsApart;

  public ExynosDrmPrivate(
      ExynosMapping.Shared mapping, ExynosPagetables pagetables, ExynosPagetables.Services tables) {
    this.mapping = mapping;
    this.turns = pagetables.turns(tables);
    this.keepsListsApart = pagetables.keepsListsApart();
  }

  /** The state behind an aggregate whose bind has begun. */
  public static ExynosDrmPrivate of(AggregateDevice aggregate) {
    ExynosDrmPrivate made = aggregate.parent().find(ExynosDrmPrivate.class);
    if (made == null) {
      throw new IllegalStateException(aggregate.parent().name() + " is not being bound");
    }
    return made;
  }

  /** The addresses that all components share. */
  public ExynosMapping.Shared mapping() {
    return mapping;
  }

  /** The engines that work for files. */
  public EngineTurns turns() {
    return turns;
  }

  /** Returns whether each list of commands needs pages of its own. */
  public boolean keepsListsApart() {
    return keepsListsApart;
  }
}
