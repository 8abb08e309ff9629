package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDmaBuf;

/** {@code dma_buf_export_sync_file}: {@code DMA_BUF_IOCTL_EXPORT_SYNC_FILE}. */
final class DmaBufExportStep extends StepType {
  private final FormField<Ref<DrmVocabulary.DmaBufFd>> buffer =
      required("buffer", Ref.own(DrmVocabulary.DMA_BUF), "The shared buffer.");
  private final FormField<ImmutableList<DmaBufAccess>> access =
      required("access", DmaBufAccess.LIST, "What is to come: a reader waits for writers only.");

  DmaBufExportStep() {
    super(
        "dma_buf_export_sync_file",
        "Makes a sync file of the work that uses a shared buffer now.",
        Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    int fd = process.own(step.get(buffer)).number();
    return new Descriptor(
        process.client(),
        new LibDmaBuf(process.client()).exportSyncFile(fd, DmaBufAccess.mask(step.get(access))));
  }

  @Override
  protected String words(Step step) {
    return "asks for the work on %s%s".formatted(step.get(buffer), step.asWords());
  }
}
