package org.smmulator.script.drm;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrm;

/** The steps of the DRM core. */
public final class DrmVocabulary implements Vocabulary {
  public static final Kind<SyncobjHandle> SYNCOBJ =
      new Kind<>("a sync object", SyncobjHandle.class);

  /** A buffer of any driver, by its handle. */
  public static final Kind<GemBuffer> GEM = new Kind<>("a buffer with a handle", GemBuffer.class);

  public static final Kind<DmaBufFd> DMA_BUF = new Kind<>("a shared buffer", DmaBufFd.class);

  /** A shared buffer that the process has open. */
  public record DmaBufFd(int number, long sizeBytes) {}

  /** A sync object of an open file. */
  public record SyncobjHandle(LibDrm drm, int handle) implements ForkedState.Part {
    @Override
    public SyncobjHandle copyInto(ForkedState state) {
      return new SyncobjHandle(state.of(drm), handle);
    }
  }

  @Override
  public String name() {
    return "drm";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new SyncobjCreateStep(),
        new SyncobjDestroyStep(),
        new SyncobjWaitStep(),
        new SyncobjSignalStep(),
        new SyncobjResetStep(),
        new SyncobjTransferStep(),
        new SyncobjQueryStep(),
        new SyncobjExportStep(),
        new SyncobjImportStep(),
        new SyncobjEventfdStep(),
        new SyncMergeStep(),
        new SyncInfoStep(),
        new SyncDeadlineStep(),
        new DmaHeapAllocStep(),
        new DmaBufSyncStep(),
        new DmaBufExportStep(),
        new DmaBufImportStep(),
        new PrimeExportStep(),
        new GemCloseStep(),
        new GemFlinkStep(),
        new ClientNameStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
