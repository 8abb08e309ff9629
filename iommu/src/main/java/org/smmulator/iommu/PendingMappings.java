package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EEXIST;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/** The mappings of a domain that has no table yet: ranges of bytes, which do not overlap. */
final class PendingMappings {
  private record Range(long pa, long sizeBytes, int prot) {}

  /** Maps one range into the table that was made. */
  interface Mapper {
    void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException;
  }

  private final TreeMap<Long, Range> ranges = new TreeMap<>(Long::compareUnsigned);

  /** Notes a range; returns 0, or EEXIST, positive, if a part of it was noted already. */
  int add(long iova, long pa, long sizeBytes, int prot) {
    Map.Entry<Long, Range> before = ranges.lowerEntry(iova + sizeBytes);
    if (before != null && endsAfter(before, iova)) {
      return EEXIST.number();
    }
    ranges.put(iova, new Range(pa, sizeBytes, prot));
    return 0;
  }

  /** Drops what is noted from {@code iova} on, up to a hole; returns how many bytes. */
  long remove(long iova, long sizeBytes) {
    long done = 0;
    while (done < sizeBytes) {
      Map.Entry<Long, Range> found = covering(iova + done);
      if (found == null) {
        break;
      }
      done += cut(found, iova + done, sizeBytes - done);
    }
    return done;
  }

  /** Takes a piece out of a range that covers {@code iova}; what is before and behind stays. */
  private long cut(Map.Entry<Long, Range> entry, long iova, long atMostBytes) {
    long start = entry.getKey();
    Range range = entry.getValue();
    long before = iova - start;
    long piece = Math.min(range.sizeBytes - before, atMostBytes);
    long behind = range.sizeBytes - before - piece;
    ranges.remove(start);
    if (before > 0) {
      ranges.put(start, new Range(range.pa, before, range.prot));
    }
    if (behind > 0) {
      ranges.put(iova + piece, new Range(range.pa + before + piece, behind, range.prot));
    }
    return piece;
  }

  /** Hands every range to {@code mapper}, lowest first, and drops them if it takes them all. */
  void replay(Mapper mapper) throws ErrnoException {
    for (Map.Entry<Long, Range> each : ranges.entrySet()) {
      Range range = each.getValue();
      mapper.map(each.getKey(), range.pa, range.sizeBytes, range.prot);
    }
    ranges.clear();
  }

  private Map.@Nullable Entry<Long, Range> covering(long iova) {
    Map.Entry<Long, Range> at = ranges.floorEntry(iova);
    return at != null && endsAfter(at, iova) ? at : null;
  }

  private static boolean endsAfter(Map.Entry<Long, Range> entry, long iova) {
    return Long.compareUnsigned(entry.getKey() + entry.getValue().sizeBytes, iova) > 0;
  }
}
