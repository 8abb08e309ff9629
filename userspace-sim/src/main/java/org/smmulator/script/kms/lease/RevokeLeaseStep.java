package org.smmulator.script.kms.lease;

import org.jspecify.annotations.Nullable;
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

/** {@code revoke_lease}: {@code DRM_IOCTL_MODE_REVOKE_LEASE}. */
final class RevokeLeaseStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card that gave the lease.");
  private final FormField<Ref<Descriptor>> lease =
      required("lease", Ref.own(Kind.DESCRIPTOR), "The lease.");

  RevokeLeaseStep() {
    super("revoke_lease", "Takes a lease back: its objects are gone for the lessee.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    LeaseVocabulary.LesseeId found =
        process
            .own(step.get(lease))
            .library(LeaseVocabulary.LesseeId.class, _ -> new LeaseVocabulary.LesseeId(0));
    new LibDrmLease(LibDrm.of(process.own(step.get(fd)))).revoke(found.number());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "takes the lease %s back".formatted(step.get(lease));
  }
}
