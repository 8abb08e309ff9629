package org.smmulator.script.kernel.task;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_join}, {@code task_leave} and {@code task_load}: a token and a device. */
final class TaskDeviceStep extends KernelStep {
  /** The call that it makes. */
  interface Call {
    void on(IommuTask token, Device device) throws ErrnoException;
  }

  private final FormField<Ref<BoundTask>> task =
      required("task", Ref.to(BoundTask.KIND), "What bind_task gave.");
  private final FormField<String> device = required("device", DEVICE, "The device.");
  private final String verb;
  private final Call call;

  /**
   * Declares one of the three.
   *
   * @param verb what it does, with room for the device and the task
   */
  TaskDeviceStep(String keyword, String sentence, String verb, Call call) {
    super(keyword, sentence);
    this.verb = verb;
    this.call = call;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    call.on(BoundTask.find(step.get(task), process), device(step, device, process));
    return null;
  }

  @Override
  protected String words(Step step) {
    return verb.formatted(step.get(device), step.get(task));
  }
}
