package org.smmulator.drm.msm;

/**
 * Offsets into {@code struct msm_rbmemptrs}, the memory through which a ring and the driver
 * exchange values.
 *
 * <pre>
 *    0 rptr     4 fence     8 bv_rptr     12 bv_fence
 *   16 stats[64]: cpcycles_start, cpcycles_end, alwayson_start, alwayson_end, 8 bytes each
 * 2064 ttbr0 (8)            2072 contextidr
 * </pre>
 *
 * <p>Any client's packets can write it on a GPU without APRIV, such as the A630.
 */
public final class MsmRbmemptrs {
  public static final int SIZE_BYTES = 2080;
  public static final int RPTR = 0;
  public static final int FENCE = 4;
  public static final int TTBR0 = 2064;

  /** Offsets into one entry of the statistics. */
  public static final int CPCYCLES_START = 0;

  public static final int CPCYCLES_END = 8;
  public static final int ALWAYSON_START = 16;
  public static final int ALWAYSON_END = 24;

  private static final int STATS = 16;
  private static final int STATS_COUNT = 64;
  private static final int STATS_BYTES = 32;

  private MsmRbmemptrs() {}

  /** The statistics of the submit with this number. */
  public static int stats(int seqno) {
    return STATS + Integer.remainderUnsigned(seqno, STATS_COUNT) * STATS_BYTES;
  }
}
