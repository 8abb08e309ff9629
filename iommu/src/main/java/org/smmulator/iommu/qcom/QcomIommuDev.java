package org.smmulator.iommu.qcom;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.TreeMap;
import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuOps;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.regs.smmuv2.QcomIommuLocal;

/** One IOMMU. Kernel: {@code struct qcom_iommu_dev}. */
final class QcomIommuDev {
  private final Device device;
  private final RuntimePm pm;
  private final SecureMonitor firmware;
  private final int secureId;
  private final IommuDevice instance;

  /** By ASID. */
  private final TreeMap<Integer, QcomIommuCtx> contexts = new TreeMap<>();

  QcomIommuDev(Device device, RuntimePm pm, SecureMonitor firmware, int secureId, IommuOps ops) {
    this.device = device;
    this.pm = pm;
    this.firmware = firmware;
    this.secureId = secureId;
    this.instance = new IommuDevice(device, ops);
  }

  Device device() {
    return device;
  }

  RuntimePm pm() {
    return pm;
  }

  IommuDevice instance() {
    return instance;
  }

  void add(QcomIommuCtx context) {
    contexts.put(context.asid(), context);
  }

  /**
   * The bank of an ASID.
   *
   * @throws ErrnoException EINVAL if there is none
   */
  QcomIommuCtx context(int asid) throws ErrnoException {
    QcomIommuCtx context = contexts.get(asid);
    if (context == null) {
      throw EINVAL.because("%s has no context bank %d", device.name(), asid);
    }
    return context;
  }

  /**
   * Asks firmware, once, to configure a secure bank. Kernel: {@code qcom_scm_restore_sec_cfg()}.
   */
  void openSecure(QcomIommuCtx context) throws ErrnoException {
    if (context.isSecureInit()) {
      return;
    }
    int answer =
        firmware.call(
            QcomIommuLocal.SCM_SERVICE_MP,
            QcomIommuLocal.SCM_RESTORE_SEC_CFG,
            secureId,
            context.asid());
    if (answer != 0) {
      device.err("secure init failed: %d", answer);
      throw EINVAL.because("firmware refuses context bank %d: %d", context.asid(), answer);
    }
    context.setSecureInit();
  }

  /** Runs {@code work} with the IOMMU resumed. */
  void awake(Runnable work) {
    wake();
    try {
      work.run();
    } finally {
      letSleep();
    }
  }

  /** Resumes the IOMMU until {@link #letSleep}. */
  void wake() {
    try {
      pm.get();
    } catch (ErrnoException e) {
      throw new IllegalStateException(device.name() + " does not wake up", e);
    }
  }

  /** Ends {@link #wake}. */
  void letSleep() {
    try {
      pm.put();
    } catch (ErrnoException e) {
      throw new IllegalStateException(device.name() + " does not fall asleep", e);
    }
  }
}
