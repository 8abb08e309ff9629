package org.smmulator.hw.qcom;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.regs.smmuv2.QcomIommuLocal;

/**
 * The part of a Qualcomm phone's firmware that its IOMMUs need: it gives their secure banks to the
 * non-secure world when it is asked. Other calls are not supported.
 */
@Singleton
public final class QcomSecureWorld implements SecureMonitor {
  private static final int INVALID_ARGUMENT = -22;

  private final Map<Integer, QcomIommu> iommus = new TreeMap<>();

  @Inject
  public QcomSecureWorld() {}

  /** Firmware knows an IOMMU by {@code secureId}. */
  public void knows(int secureId, QcomIommu iommu) {
    iommus.put(secureId, iommu);
  }

  @Override
  public int call(int service, int command, int argument0, int argument1) {
    if (service != QcomIommuLocal.SCM_SERVICE_MP || command != QcomIommuLocal.SCM_RESTORE_SEC_CFG) {
      return NOT_SUPPORTED;
    }
    QcomIommu iommu = iommus.get(argument0);
    return iommu != null && iommu.open(argument1) ? 0 : INVALID_ARGUMENT;
  }
}
