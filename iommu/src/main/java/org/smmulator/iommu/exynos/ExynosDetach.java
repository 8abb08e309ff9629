package org.smmulator.iommu.exynos;

import com.google.common.collect.ImmutableList;

/**
 * Decides whose sysmmus lose a domain that several masters share when one of these masters leaves
 * it: the switch {@code exynos.detach}. The hardware of the one that leaves is disabled before.
 */
public sealed interface ExynosDetach {
  /** Takes the domain {@code left} away from {@code own}, the sysmmus of the master that leaves. */
  void leave(ExynosIommuDomain left, ImmutableList<SysmmuDrvdata> own);

  /**
   * {@code all-controllers}: every sysmmu in the domain loses it, also those of other masters.
   * Their hardware still walks the table, but no invalidation reaches it, and suspend and resume
   * ignore it. Linux does so, which is harmless while each domain has one master. Kernel: {@code
   * exynos_iommu_identity_attach()}.
   */
  record AllControllers() implements ExynosDetach {
    @Override
    public void leave(ExynosIommuDomain left, ImmutableList<SysmmuDrvdata> own) {
      left.leaveAll();
    }
  }

  /** {@code own-controllers}: the others keep the domain. */
  record OwnControllers() implements ExynosDetach {
    @Override
    public void leave(ExynosIommuDomain left, ImmutableList<SysmmuDrvdata> own) {
      own.forEach(controller -> controller.setDomain(null));
      left.leave(own);
    }
  }
}
