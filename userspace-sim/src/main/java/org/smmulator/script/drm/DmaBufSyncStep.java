package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.userspace.LibDmaBuf;

/** {@code dma_buf_sync}: {@code DMA_BUF_IOCTL_SYNC}. */
final class DmaBufSyncStep extends StepType {
  private final FormField<Ref<DrmVocabulary.DmaBufFd>> buffer =
      required("buffer", Ref.own(DrmVocabulary.DMA_BUF), "The shared buffer.");
  private final FormField<ImmutableList<DmaBufAccess>> access =
      required("access", DmaBufAccess.LIST, "What the CPU does with it.");
  private final FormField<Phase> phase =
      required("phase", FieldType.oneOf(Phase.class), "Whether the CPU begins or has ended.");

  DmaBufSyncStep() {
    super(
        "dma_buf_sync",
        "Begins to use a shared buffer with the CPU, which waits for devices, or ends it.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    int end = step.get(phase) == Phase.END ? DmaBufSync.END : 0;
    new LibDmaBuf(process.client())
        .sync(process.own(step.get(buffer)).number(), DmaBufAccess.mask(step.get(access)) | end);
    return null;
  }

  @Override
  protected String words(Step step) {
    String what = step.get(phase) == Phase.END ? "ends to use" : "begins to use";
    return "%s %s with the CPU".formatted(what, step.get(buffer));
  }

  private enum Phase {
    BEGIN,
    END
  }
}
