package org.smmulator.script.kms.lease;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;

/** {@code create_lease}: {@code DRM_IOCTL_MODE_CREATE_LEASE}. */
final class CreateLeaseStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final LeasedObject leased = new LeasedObject();
  private final FormField<ImmutableList<Args>> objects =
      optional(
          "objects",
          FieldType.listOf(
              Form.typeOf(leased, leased.object, "crtc"),
              "[crtc, connector, primary, {object: overlay, index: 1}]"),
          ImmutableList.of(),
          "The objects to lease; none at all is allowed.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[nonblocking]"),
          ImmutableList.of(),
          "O_NONBLOCK, of the lease's descriptor.");

  CreateLeaseStep() {
    super("create_lease", "Makes a file that is the master of some objects.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    List<Integer> ids = new ArrayList<>();
    for (Args each : step.get(objects)) {
      ids.add(each.get(leased.object).find(card, each.get(leased.index)));
    }
    int mask = step.get(flags).isEmpty() ? 0 : Client.O_NONBLOCK;
    LibDrmLease.Lease made = new LibDrmLease(card.drm()).create(ids, mask);
    Descriptor lease = new Descriptor(process.client(), made.fd());
    var _ =
        lease.library(
            LeaseVocabulary.LesseeId.class, _ -> new LeaseVocabulary.LesseeId(made.lesseeId()));
    return lease;
  }

  @Override
  protected String words(Step step) {
    return "leases %d objects%s".formatted(step.get(objects).size(), step.asWords());
  }

  /** An object to lease. */
  private static final class LeasedObject extends Form {
    final FormField<KmsObject> object =
        required("object", FieldType.oneOf(KmsObject.class), "The kind of object.");
    final FormField<Long> index =
        optional("index", Scalar.between(0, 255), 0L, "Which one of its kind, from 0.");

    LeasedObject() {
      super("an object of create_lease", "An object to lease.");
    }
  }

  private enum Flag {
    NONBLOCKING
  }
}
