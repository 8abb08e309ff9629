package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.vmsa.Space;

/**
 * The configuration of one stream and substream: its stream table entry and its context descriptor
 * together, cached until software invalidates either.
 *
 * @param kind the treatment of its transactions
 * @param stream the stream table entry
 * @param context the context descriptor, if stage 1 is in use
 * @param space where the TLB keeps the translations
 * @param stage2Space where the TLB keeps the translations of IPAs
 */
record SubstreamConfig(
    Kind kind,
    Stream stream,
    @Nullable StreamContext context,
    Space space,
    Space stage2Space,
    FaultPolicy faultPolicy) {
  enum Kind {
    BYPASS,
    TRANSLATE,
    /** Refused, and no event is recorded. */
    ABORT,
    ILLEGAL_STREAM,
    ILLEGAL_CONTEXT
  }

  /** {@code iova} with its top byte replaced by its sign, if TBI says that tables ignore it. */
  long address(long iova) {
    return context == null ? iova : context.withoutTopByte(iova);
  }
}
