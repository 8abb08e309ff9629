package org.smmulator.hw.ats;

import static com.google.common.base.Preconditions.checkArgument;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.ats.AtsRegs;

/**
 * The port of a device that does ATS, and PRI if it can: it asks for a translation before it
 * touches memory, and caches the answers.
 *
 * <p>A device without PRI whose request is not granted sends the access untranslated, so that the
 * IOMMU records the fault. One with PRI may ask for the pages that follow in the same group; if
 * that is answered INVALID it asks for the one page that it needs. After a status UR or CA the
 * device aborts the access.
 */
public final class AtsDevice implements Translator, AtcPort {
  /**
   * The choices of the silicon.
   *
   * @param entries how many translations it keeps
   * @param pages how many pages it asks for at a time; 0: it has no PRI
   * @param answerNs from an invalidation to its answer
   */
  public record Config(int entries, int pages, long answerNs) {
    public Config {
      checkArgument(entries > 0, "%s translations", entries);
      checkArgument(pages >= 0, "%s pages at a time", pages);
    }
  }

  private final Config config;
  private final Timebase timebase;
  private final AtsPort iommu;
  private final Translator untranslated;
  private final int streamId;
  private final TranslationCache cache;
  private final RegisterFile registers;
  private boolean enabled;

  /**
   * Makes the port, off, and connects it.
   *
   * @param untranslated the way of accesses that the IOMMU is to translate
   */
  public AtsDevice(
      Config config, Timebase timebase, AtsPort iommu, Translator untranslated, int streamId) {
    this.config = config;
    this.timebase = timebase;
    this.iommu = iommu;
    this.untranslated = untranslated;
    this.streamId = streamId;
    this.cache = new TranslationCache(config.entries());
    this.registers =
        RegisterFile.builder(AtsRegs.WINDOW_BYTES)
            .constant(
                AtsRegs.HEADER,
                AtsRegs.HEADER_ID.of(AtsRegs.CAPABILITY_ID) | AtsRegs.HEADER_VERSION.of(1))
            .onWrite(
                AtsRegs.CONTROL,
                AtsRegs.CONTROL_ENABLE.mask() | AtsRegs.CONTROL_STU.mask(),
                (index, value) -> control(value))
            .build();
    registers.set(
        AtsRegs.CONTROL,
        AtsRegs.CONTROL_PAGE_ALIGNED.of(1) | AtsRegs.CONTROL_GLOBAL_INVALIDATE.of(1));
    iommu.connect(streamId, this);
  }

  /** The ATS capability, {@code AtsRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  /**
   * Invalidates the cache when ATS is turned on.
   *
   * @implNote Unverified: that PCIe has a device do so.
   */
  private void control(int value) {
    boolean now = AtsRegs.CONTROL_ENABLE.isSet(value);
    if (now && !enabled) {
      cache.invalidateAll();
    }
    enabled = now;
  }

  /** As {@link Translator#translate}; blocks while a page is made present. */
  @Override
  public long translate(int stream, int substreamId, long iova, int access) {
    boolean privileged = (access & BusMaster.PRIVILEGED) != 0;
    while (enabled) {
      long known = cache.find(substreamId, privileged, iova);
      if (AtsCompletion.allows(known, access)) {
        return iommu.translated(streamId, AtsCompletion.pa(known, iova), access);
      }
      long answer = iommu.translationRequest(streamId, substreamId, iova, access);
      if (AtsCompletion.isRefusal(answer)) {
        return ABORT;
      }
      if (AtsCompletion.grants(answer)) {
        cache.put(substreamId, privileged, iova, answer);
      } else {
        cache.invalidate(substreamId, privileged, iova);
      }
      if (AtsCompletion.allows(answer, access)) {
        return iommu.translated(streamId, AtsCompletion.pa(answer, iova), access);
      }
      if (config.pages() == 0) {
        break;
      }
      if (!hasPageMade(substreamId, iova, access)) {
        return ABORT;
      }
    }
    return untranslated.translate(streamId, substreamId, iova, access);
  }

  private boolean hasPageMade(int substreamId, long iova, int access) {
    AtsPort.Answer answer = iommu.pageRequest(streamId, substreamId, iova, config.pages(), access);
    if (answer == AtsPort.Answer.INVALID && config.pages() > 1) {
      answer = iommu.pageRequest(streamId, substreamId, iova, 1, access);
    }
    return answer == AtsPort.Answer.SUCCESS;
  }

  @Override
  public void invalidate(int tag, int substreamId, boolean global, long first, int pagesLog2) {
    long bytes = pagesLog2 >= ALL_PAGES_LOG2 ? 0 : 4096L << pagesLog2;
    cache.invalidate(substreamId, global, first, bytes);
    timebase.after(config.answerNs(), () -> iommu.invalidationCompleted(streamId, tag));
  }
}
