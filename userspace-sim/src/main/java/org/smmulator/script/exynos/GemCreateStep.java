package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.exynos.ExynosGemCreate;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;

/** {@code gem_create}: {@code DRM_IOCTL_EXYNOS_GEM_CREATE}. */
final class GemCreateStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "The size of the buffer.");
  private final FormField<ImmutableList<BufferFlag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(BufferFlag.class), "[noncontig, wc]"),
          ImmutableList.of(),
          "EXYNOS_BO_*: whether the memory may be in pieces, and caching.");

  GemCreateStep() {
    super("gem_create", "Makes a buffer of an Exynos device.", ExynosVocabulary.BUFFER);
  }

  @Override
  protected ExynosBuffer run(Step step, ProcessRun process) throws ErrnoException {
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    return ExynosDevice.of(process.own(step.get(fd))).newBuffer(step.get(size), mask);
  }

  @Override
  protected String words(Step step) {
    return "makes a buffer of 0x%x bytes%s".formatted(step.get(size), step.asWords());
  }

  /** {@code EXYNOS_BO_*}. */
  private enum BufferFlag {
    NONCONTIG(ExynosGemCreate.NONCONTIG),
    CACHABLE(ExynosGemCreate.CACHABLE),
    WC(ExynosGemCreate.WC);

    final int bit;

    BufferFlag(int bit) {
      this.bit = bit;
    }
  }
}
