package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.MappedMemory;

/** {@code mmap}: maps a file, or fresh memory. */
final class MmapStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      optional("fd", Ref.own(Kind.DESCRIPTOR), "The file; left out, fresh memory.");
  private final FormField<Long> offset =
      optional("offset", Scalar.NUMBER, 0L, "Where in the file.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How much.");
  private final FormField<ImmutableList<Access>> access =
      optional(
          "access",
          FieldType.listOf(FieldType.oneOf(Access.class), "[read]"),
          ImmutableList.of(Access.READ, Access.WRITE),
          "PROT_*: the ways in which the process may use it.");

  MmapStep() {
    super("mmap", "Maps a file, shared, or fresh memory.", Kind.MEMORY);
  }

  @Override
  protected MappedMemory run(Step step, ProcessRun process) throws ErrnoException {
    int prot = FieldType.mask(step.get(access), each -> each.bit);
    Client client = process.client();
    Ref<Descriptor> file = step.find(fd);
    long va =
        file == null
            ? client.mmapAnonymous(step.get(size), prot)
            : client.mmap(process.own(file).number(), step.get(offset), step.get(size), prot);
    return new MappedMemory(client, va);
  }

  @Override
  protected String words(Step step) {
    Ref<Descriptor> file = step.find(fd);
    return "maps 0x%x bytes%s%s"
        .formatted(step.get(size), file == null ? "" : " of " + file, step.asWords());
  }

  /** {@code PROT_*}. */
  private enum Access {
    READ(Prot.READ),
    WRITE(Prot.WRITE),
    EXEC(Prot.EXEC);

    private final int bit;

    Access(int bit) {
      this.bit = bit;
    }
  }
}
