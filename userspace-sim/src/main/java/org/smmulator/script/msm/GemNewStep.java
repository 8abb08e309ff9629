package org.smmulator.script.msm;

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
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/** {@code gem_new}: {@code DRM_IOCTL_MSM_GEM_NEW}. */
final class GemNewStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open GPU.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "The size of the buffer.");
  private final FormField<ImmutableList<BufferFlag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(BufferFlag.class), "[wc, gpu_readonly]"),
          ImmutableList.of(BufferFlag.WC),
          "MSM_BO_*: caching, and what the GPU may do.");

  GemNewStep() {
    super("gem_new", "Makes a buffer.", MsmVocabulary.BUFFER);
  }

  @Override
  protected MsmBuffer run(Step step, ProcessRun process) throws ErrnoException {
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    return MsmDevice.of(process.own(step.get(fd))).newBuffer(step.get(size), mask);
  }

  @Override
  protected String words(Step step) {
    return "makes a buffer of %s%s".formatted(inUnits(step.get(size)), step.asWords());
  }

  private static String inUnits(long bytes) {
    if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " bytes";
  }

  /** {@code MSM_BO_*}. */
  private enum BufferFlag {
    SCANOUT(GemNew.SCANOUT),
    GPU_READONLY(GemNew.GPU_READONLY),
    NO_SHARE(GemNew.NO_SHARE),
    CACHED(GemNew.CACHED),
    WC(GemNew.WC),
    UNCACHED(GemNew.UNCACHED),
    CACHED_COHERENT(GemNew.CACHED_COHERENT);

    final int bit;

    BufferFlag(int bit) {
      this.bit = bit;
    }
  }
}
