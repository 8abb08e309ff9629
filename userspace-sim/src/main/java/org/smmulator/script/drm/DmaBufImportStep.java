package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDmaBuf;

/** {@code dma_buf_import_sync_file}: {@code DMA_BUF_IOCTL_IMPORT_SYNC_FILE}. */
final class DmaBufImportStep extends StepType {
  private final FormField<Ref<DrmVocabulary.DmaBufFd>> buffer =
      required("buffer", Ref.own(DrmVocabulary.DMA_BUF), "The shared buffer.");
  private final FormField<ImmutableList<DmaBufAccess>> access =
      required("access", DmaBufAccess.LIST, "What the work does with the buffer.");
  private final FormField<Ref<Descriptor>> syncFile =
      required("sync_file", Ref.own(Kind.DESCRIPTOR), "The work.");

  DmaBufImportStep() {
    super("dma_buf_import_sync_file", "Has whoever uses a shared buffer wait for a sync file.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    new LibDmaBuf(process.client())
        .importSyncFile(
            process.own(step.get(buffer)).number(),
            DmaBufAccess.mask(step.get(access)),
            process.own(step.get(syncFile)).number());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "has users of %s wait for %s".formatted(step.get(buffer), step.get(syncFile));
  }
}
