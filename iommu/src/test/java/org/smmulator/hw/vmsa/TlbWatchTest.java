package org.smmulator.hw.vmsa;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.bus.TlbWatch;

/** A debugger that only listens to the debug port knows at every moment what the TLB holds. */
class TlbWatchTest {
  private static final int PAGES = 64;
  private static final int PAGE_SHIFT = 12;
  private static final Tables TABLES =
      new Tables.Builder(Tables.Format.STAGE_1, 0x8000_0000L, 39, PAGE_SHIFT).build();

  /** An entry, as the port names it. */
  private record Entry(int space, long page) {}

  private static final class Debugger implements TlbWatch {
    final Set<Entry> held = new HashSet<>();
    final Set<Long> roots = new HashSet<>();

    @Override
    public void filled(int space, long root, long address, long pa, int shift) {
      assertThat(shift).isEqualTo(PAGE_SHIFT);
      assertThat(pa).isEqualTo(paOf(address));
      held.add(new Entry(space, address >> shift));
      roots.add(root);
    }

    @Override
    public void dropped(int space, long address, int shift) {
      assertThat(held.remove(new Entry(space, address >> shift))).isTrue();
    }

    @Override
    public void emptied(int space) {
      held.removeIf(entry -> entry.space() == space);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Tlb.UNBOUNDED, 8, 32})
  void theDebuggerKnowsWhatTheTlbHolds(int capacity) {
    Tlb tlb = new Tlb(capacity, Tlb.NONE);
    Debugger debugger = new Debugger();
    tlb.watch(debugger);
    List<Space> spaces = new ArrayList<>(List.of(tlb.newSpace(null), tlb.newSpace(null)));
    spaces.add(tlb.newSpace(spaces.getFirst()));
    Random random = new Random(capacity);

    for (int i = 0; i < 5_000; i++) {
      Space space = spaces.get(random.nextInt(spaces.size()));
      long address = (long) random.nextInt(PAGES) << PAGE_SHIFT;
      switch (random.nextInt(40)) {
        case 0 -> tlb.invalidate(space);
        case 1, 2, 3 -> tlb.invalidate(space, address, address + 0x2fff, Tlb.ANY_SIZE, Tlb.NO_SIZE);
        default -> {
          if (tlb.find(space, address) == Leaf.MISS) {
            long leaf = Leaf.ofStage1(paOf(address), PAGE_SHIFT, 0x3f);
            boolean global = space.global != null && random.nextBoolean();
            tlb.fill(space, address, global ? leaf | Leaf.GLOBAL : leaf, TABLES);
          }
        }
      }
      assertThatItKnows(debugger, tlb, spaces, i);
    }
    assertThat(debugger.roots).containsExactly(0x8000_0000L);
  }

  private static void assertThatItKnows(Debugger debugger, Tlb tlb, List<Space> spaces, int after) {
    for (Space space : spaces) {
      for (long page = 0; page < PAGES; page++) {
        boolean known =
            debugger.held.contains(new Entry(space.index, page))
                || (space.global != null
                    && debugger.held.contains(new Entry(space.global.index, page)));
        assertWithMessage("page %s of space %s after %s", page, space.index, after)
            .that(tlb.find(space, page << PAGE_SHIFT) != Leaf.MISS)
            .isEqualTo(known);
      }
    }
  }

  private static long paOf(long address) {
    return 0x4000_0000L + 3 * address;
  }
}
