package org.smmulator.hw.vmsa;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TLB's address spaces of one translation regime: one for each ASID, and one for the entries
 * that hold under every ASID.
 *
 * <p>Chunks of 256 ASIDs are made when one of them is first used: a driver uses one or a few.
 */
public final class AsidSpaces {
  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK = 1 << CHUNK_SHIFT;

  private final Tlb tlb;
  private final Space global;
  private final @Nullable Space[] @Nullable [] byAsid = new Space[CHUNK][];
  private final List<Space> all = new ArrayList<>();

  public AsidSpaces(Tlb tlb) {
    this.tlb = tlb;
    this.global = tlb.newSpace(null);
  }

  /** The space of an ASID of up to 16 bits. */
  public Space of(int asid) {
    @Nullable Space[] chunk = byAsid[asid >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new Space[CHUNK];
      byAsid[asid >>> CHUNK_SHIFT] = chunk;
    }
    Space space = chunk[asid & CHUNK - 1];
    if (space == null) {
      space = tlb.newSpace(global);
      chunk[asid & CHUNK - 1] = space;
      all.add(space);
    }
    return space;
  }

  public void invalidateAll() {
    for (Space space : all) {
      tlb.invalidate(space);
    }
    tlb.invalidate(global);
  }

  /** Invalidates an ASID, but not the entries that hold under every ASID. */
  public void invalidate(int asid) {
    tlb.invalidate(of(asid));
  }

  /**
   * Invalidates addresses under one ASID, and the entries for them that hold under every ASID: see
   * {@link Tlb#invalidate(Space, long, long, long, long)}.
   */
  public void invalidate(int asid, long first, long last, long leafSizes, long tableSizes) {
    tlb.invalidate(of(asid), first, last, leafSizes, tableSizes);
    tlb.invalidate(global, first, last, leafSizes, tableSizes);
  }

  /** Invalidates addresses under all ASIDs. */
  public void invalidateAddresses(long first, long last, long leafSizes, long tableSizes) {
    for (Space space : all) {
      tlb.invalidate(space, first, last, leafSizes, tableSizes);
    }
    tlb.invalidate(global, first, last, leafSizes, tableSizes);
  }
}
