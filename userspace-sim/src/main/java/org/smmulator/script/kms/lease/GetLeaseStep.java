package org.smmulator.script.kms.lease;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmLease;

/** {@code get_lease}: {@code DRM_IOCTL_MODE_GET_LEASE}. */
final class GetLeaseStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The lease.");

  GetLeaseStep() {
    super("get_lease", "Counts the objects that a file is the master of.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return (long) new LibDrmLease(LibDrm.of(process.own(step.get(fd)))).objects().size();
  }

  @Override
  protected String words(Step step) {
    return "counts the objects of %s%s".formatted(step.get(fd), step.asWords());
  }
}
