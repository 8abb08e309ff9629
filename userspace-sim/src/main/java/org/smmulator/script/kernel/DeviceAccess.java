package org.smmulator.script.kernel;

import static org.smmulator.kernel.errno.Errno.EIO;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;

/** Accesses of a device to memory. A bus has no error numbers; drivers make EIO of its refusal. */
final class DeviceAccess {
  private static final long ROUND_TRIP_NS = 500;

  /**
   * The time in which a driver learns of a bus error: from its device's interrupt, when the IOMMU's
   * has been handled. Until then an SMMUv2 may refuse whatever comes (SCTLR.HUPCF).
   */
  private static final long BUS_ERROR_NS = 20_000;

  private DeviceAccess() {}

  /** The port of {@code device}, whose accesses carry the PASID of {@code task} if there is one. */
  static BusMaster port(PlatformDevice device, @Nullable Ref<Tagged> task, ProcessRun process)
      throws FailedExpectation {
    BusMaster plain = process.machine().busPort(device);
    return task == null ? plain : plain.withSubstream(process.find(task).pasid());
  }

  static int load(BusMaster port, long address, ProcessRun process) throws ErrnoException {
    int value = port.load32(address);
    check(port, address, process);
    return value;
  }

  static void store(BusMaster port, long address, int value, ProcessRun process)
      throws ErrnoException {
    port.store32(address, value);
    check(port, address, process);
  }

  private static void check(BusMaster port, long address, ProcessRun process)
      throws ErrnoException {
    boolean refused = port.aborted();
    process.sleep(refused ? BUS_ERROR_NS : ROUND_TRIP_NS);
    if (refused) {
      throw EIO.because("the bus refused an access at 0x%x", address);
    }
  }
}
