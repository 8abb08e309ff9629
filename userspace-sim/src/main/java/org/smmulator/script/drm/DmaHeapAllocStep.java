package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDmaBuf;

/** {@code dma_heap_alloc}: {@code DMA_HEAP_IOCTL_ALLOC} of {@code /dev/dma_heap/system}. */
final class DmaHeapAllocStep extends StepType {
  private static final String HEAP = "/dev/dma_heap/system";

  private final FormField<Long> size = required("size", Scalar.SIZE, "Its size in bytes.");

  DmaHeapAllocStep() {
    super("dma_heap_alloc", "Makes a shared buffer that no device made.", DrmVocabulary.DMA_BUF);
  }

  @Override
  protected DrmVocabulary.DmaBufFd run(Step step, ProcessRun process) throws ErrnoException {
    Client client = process.client();
    int heap = client.openForReading(HEAP);
    try {
      int fd = new LibDmaBuf(client).allocate(heap, step.get(size));
      return new DrmVocabulary.DmaBufFd(fd, step.get(size));
    } finally {
      client.close(heap);
    }
  }

  @Override
  protected String words(Step step) {
    return "makes a shared buffer of no device%s".formatted(step.asWords());
  }
}
