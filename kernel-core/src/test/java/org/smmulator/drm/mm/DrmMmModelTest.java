package org.smmulator.drm.mm;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.ErrnoException;

/** Each mode beside a plain list of holes, at addresses up to the last. */
class DrmMmModelTest {
  private static final ImmutableList<InsertMode> MODES = ImmutableList.copyOf(InsertMode.values());
  private static final BigInteger ONE = BigInteger.ONE;

  /** From {@code start} up to and without {@code end}; {@code made} counts up. */
  private record Hole(BigInteger start, BigInteger end, int made) {
    BigInteger size() {
      return end.subtract(start);
    }
  }

  private record Taken(MmNode node, BigInteger start, BigInteger end) {}

  private final List<Hole> holes = new ArrayList<>();
  private int made;

  @ParameterizedTest
  @CsvSource({
    "0, 5000",
    "1, -3",
    "0x7ffffffffffff800, 0x1000",
    "-5000, 4999",
  })
  void everyModePutsANodeWhereAListOfHolesWould(String startText, String sizeText)
      throws Exception {
    long start = Long.decode(startText);
    long size = Long.decode(sizeText);
    DrmMm mm = new DrmMm(start, size);
    addHole(unsigned(start), unsigned(start + size));
    SplittableRandom random = new SplittableRandom(11);
    List<Taken> taken = new ArrayList<>();
    long unit = Math.max(1, (size >>> 1) / 1000);

    for (int i = 0; i < 20_000; i++) {
      if (taken.size() > 60 || (!taken.isEmpty() && random.nextInt(3) == 0)) {
        Taken gone = taken.remove(random.nextInt(taken.size()));
        mm.remove(gone.node());
        addHole(gone.start(), gone.end());
        continue;
      }
      InsertMode mode = MODES.get(random.nextInt(MODES.size()));
      long wanted = 1 + random.nextLong(80) * unit;
      long alignment = random.nextBoolean() ? 0 : 1 + random.nextLong(40) * unit;
      boolean everywhere = random.nextBoolean();
      long from = everywhere ? 0 : start + random.nextLong(900) * unit;
      long to = everywhere ? -1L : from + random.nextLong(400) * unit;
      MmNode node = new MmNode();

      @Nullable BigInteger found = null;
      try {
        mm.insert(node, wanted, alignment, from, to, mode);
        found = unsigned(node.start());
      } catch (ErrnoException e) {
        // stays null
      }

      @Nullable BigInteger expected =
          insert(unsigned(wanted), unsigned(alignment), unsigned(from), unsigned(to), mode);
      assertWithMessage(
              "step %s: %s of %s aligned %s in %s..%s", i, mode, wanted, alignment, from, to)
          .that(found)
          .isEqualTo(expected);
      if (found != null) {
        taken.add(new Taken(node, found, found.add(unsigned(wanted))));
      }
    }
  }

  /** Where the node goes; null if nowhere. */
  private @Nullable BigInteger insert(
      BigInteger size, BigInteger alignment, BigInteger from, BigInteger to, InsertMode mode) {
    Predicate<Hole> large = hole -> hole.size().compareTo(size) >= 0;
    Comparator<Hole> newest = Comparator.comparingInt(Hole::made).reversed();
    List<Hole> inOrder =
        switch (mode.search) {
          case BEST -> sorted(large, Comparator.comparing(Hole::size).thenComparing(newest));
          case LOW ->
              sorted(
                  large.and(h -> h.end().compareTo(from) > 0), Comparator.comparing(Hole::start));
          case HIGH ->
              sorted(
                  large.and(h -> h.start().compareTo(to) < 0),
                  Comparator.comparing(Hole::start).reversed());
          case EVICT -> sorted(hole -> true, newest);
        };
    if (to.subtract(from).compareTo(size) < 0) {
      return null;
    }
    for (Hole hole : mode.once ? inOrder.subList(0, Math.min(1, inOrder.size())) : inOrder) {
      BigInteger low = hole.start().max(from);
      BigInteger high = hole.end().min(to);
      BigInteger step = alignment.max(ONE);
      BigInteger at =
          mode.search == InsertMode.Search.HIGH
              ? high.subtract(size).divide(step).multiply(step)
              : low.add(step).subtract(ONE).divide(step).multiply(step);
      if (high.subtract(size).signum() >= 0
          && at.compareTo(low) >= 0
          && at.add(size).compareTo(high) <= 0) {
        holes.remove(hole);
        addIfAny(hole.start(), at);
        addIfAny(at.add(size), hole.end());
        return at;
      }
    }
    return null;
  }

  private List<Hole> sorted(Predicate<Hole> which, Comparator<Hole> order) {
    return holes.stream().filter(which).sorted(order).toList();
  }

  private void addIfAny(BigInteger start, BigInteger end) {
    if (start.compareTo(end) < 0) {
      holes.add(new Hole(start, end, made++));
    }
  }

  /** Adds a hole and melts it with those that it touches. */
  private void addHole(BigInteger from, BigInteger to) {
    BigInteger start = from;
    BigInteger end = to;
    for (Hole hole : List.copyOf(holes)) {
      if (hole.end().equals(from)) {
        start = hole.start();
        holes.remove(hole);
      } else if (hole.start().equals(to)) {
        end = hole.end();
        holes.remove(hole);
      }
    }
    holes.add(new Hole(start, end, made++));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
