package org.smmulator.iommu.iopf;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.iommu.Iommu;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * Devices whose page requests are dealt with one after the other, by one thread. Kernel: {@code
 * struct iopf_queue}, {@code drivers/iommu/io-pgfault.c}.
 */
public final class IopfQueue {
  private final Iommu iommu;
  private final Workqueue workqueue;
  private final List<DeviceFaults> members = new ArrayList<>();

  /**
   * Makes a queue that no device uses.
   *
   * @param workqueue where page requests are dealt with; the kernel calls it {@code
   *     iopf_queue/NAME}
   */
  public IopfQueue(Iommu iommu, Workqueue workqueue) {
    this.iommu = iommu;
    this.workqueue = workqueue;
  }

  Iommu iommu() {
    return iommu;
  }

  /**
   * Lets {@code device} ask for pages. Kernel: {@code iopf_queue_add_device()}.
   *
   * @throws ErrnoException ENODEV if it could not be answered; EBUSY if it is in a queue
   */
  public void addDevice(Device device) throws ErrnoException {
    if (!iommu.pasids().answersPageRequests(device)) {
      throw ENODEV.because("the IOMMU of %s answers no page requests", device.name());
    }
    if (device.find(DeviceFaults.class) != null) {
      throw EBUSY.because("%s is in a queue", device.name());
    }
    DeviceFaults member = new DeviceFaults(device, this);
    device.attach(DeviceFaults.class, member);
    members.add(member);
  }

  /**
   * Ends {@link #addDevice}. What the device waits for is answered INVALID. Kernel: {@code
   * iopf_queue_remove_device()}.
   */
  public void removeDevice(Device device) {
    DeviceFaults member = device.find(DeviceFaults.class);
    if (member == null || !members.remove(member)) {
      return;
    }
    device.detach(DeviceFaults.class);
    member.refuseAll();
  }

  /**
   * Drops requests of groups that are not complete: hardware has lost some, and would never send
   * the last. Kernel: {@code iopf_queue_discard_partial()}.
   */
  public void discardPartial() {
    members.forEach(DeviceFaults::discardPartial);
  }

  /**
   * Returns when all that was reported before has been dealt with. The caller has made sure that no
   * more comes. Kernel: {@code iopf_queue_flush_dev()}.
   *
   * @throws ErrnoException ENODEV if the device is in no queue
   */
  public void flush(Device device) throws ErrnoException {
    if (device.find(DeviceFaults.class) == null) {
      throw ENODEV.because("%s is in no queue", device.name());
    }
    Work last = workqueue.work(() -> {});
    last.queue();
    last.flush();
  }

  void run(Runnable work) {
    workqueue.work(work).queue();
  }
}
