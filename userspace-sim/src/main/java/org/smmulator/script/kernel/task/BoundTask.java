package org.smmulator.script.kernel.task;

import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.kernel.DriverResource;
import org.smmulator.script.kernel.Tagged;

/** A token that a driver has for a task's address space on its device. */
final class BoundTask extends DriverResource implements Tagged {
  static final Kind<BoundTask> KIND = new Kind<>("a bound task", BoundTask.class);

  private final IommuTask token;
  private final Device device;

  BoundTask(IommuTask token, Device device) {
    this.token = token;
    this.device = device;
    belongTo(device, "unbind task");
  }

  /**
   * The token that a name stands for.
   *
   * @throws FailedExpectation if it is unbound: to use it would be a bug in the driver
   */
  static IommuTask find(Ref<BoundTask> ref, ProcessRun process) throws FailedExpectation {
    return findBound(ref, process).token;
  }

  /** The same with the device that it was bound on. */
  static BoundTask findBound(Ref<BoundTask> ref, ProcessRun process) throws FailedExpectation {
    BoundTask found = process.find(ref);
    FailedExpectation.unless(found.isHeld(), ref + " to be bound", "it is unbound");
    return found;
  }

  IommuTask token() {
    return token;
  }

  Device device() {
    return device;
  }

  @Override
  public int pasid() {
    return token.pasid();
  }

  @Override
  protected void giveBack() {
    try {
      token.unbind();
    } catch (ErrnoException e) {
      throw new IllegalStateException("it is unbound once", e);
    }
  }
}
