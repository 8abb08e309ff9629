package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.smmuv3.FaultRecord.Consequences;
import org.smmulator.hw.vmsa.Space;

/**
 * Where the transactions of one stream and substream go: what its stream table entry and its
 * context descriptor come to, kept until software invalidates either.
 *
 * @param kind whether they go anywhere
 * @param stream the stream table entry
 * @param context the context descriptor, if stage 1 is in use
 * @param space where the TLB keeps the translations
 * @param global where the TLB keeps those that hold under every ASID
 * @param stage2Space where the TLB keeps what stage 2 made of IPAs
 */
record Route(
    Kind kind,
    Stream stream,
    @Nullable Stage1Config context,
    Space space,
    Space global,
    Space stage2Space,
    Consequences consequences) {
  enum Kind {
    BYPASS,
    TRANSLATE,
    /** Refused in silence. */
    ABORT,
    ILLEGAL_STREAM,
    ILLEGAL_CONTEXT
  }

  /** {@code iova} without the byte that the tables ignore. */
  long address(long iova) {
    return context != null && context.ignoresTopOf(iova) ? iova << 8 >> 8 : iova;
  }
}
