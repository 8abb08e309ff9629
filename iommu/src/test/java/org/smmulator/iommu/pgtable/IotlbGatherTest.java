package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The range an unmap collects, and when it must be synced before it can grow. */
class IotlbGatherTest {
  private final List<String> synced = new ArrayList<>();
  private final IotlbSync domain =
      gather ->
          synced.add(
              String.format(
                  Locale.ROOT,
                  "0x%x..0x%x by 0x%x",
                  gather.startIova(),
                  gather.endIova(),
                  gather.pgsizeBytes()));
  private final IotlbGather gather = new IotlbGather();

  @Test
  void anEmptyGatherIsNotWorthASync() {
    assertThat(gather.isEmpty()).isTrue();

    gather.syncTo(domain);

    assertThat(synced).isEmpty();
  }

  @Test
  void pagesThatTouchOrOverlapAreOneRange() {
    gather.addPage(domain, 0x3000, 0x1000);
    gather.addPage(domain, 0x4000, 0x1000);
    gather.addPage(domain, 0x2000, 0x1000);
    gather.addPage(domain, 0x3000, 0x1000);
    assertThat(synced).isEmpty();

    gather.syncTo(domain);

    assertThat(synced).containsExactly("0x2000..0x4fff by 0x1000");
    assertThat(gather.isEmpty()).isTrue();
  }

  @Test
  void aPageApartIsSyncedFor() {
    gather.addPage(domain, 0x1000, 0x1000);
    gather.addPage(domain, 0x3000, 0x1000);

    assertThat(synced).containsExactly("0x1000..0x1fff by 0x1000");
    assertThat(gather.startIova()).isEqualTo(0x3000);
  }

  @Test
  void aPageOfAnotherSizeIsSyncedFor() {
    gather.addPage(domain, 0x1ff000, 0x1000);
    gather.addPage(domain, 0x200000, 0x200000);

    assertThat(synced).containsExactly("0x1ff000..0x1fffff by 0x1000");
    assertThat(gather.pgsizeBytes()).isEqualTo(0x200000);
  }

  @Test
  void aRangeMayLieApart() {
    gather.addRange(0x1000, 0x1000);
    gather.addRange(0x9000, 0x1000);

    assertThat(gather.startIova()).isEqualTo(0x1000);
    assertThat(gather.endIova()).isEqualTo(0x9fff);
    assertThat(gather.pgsizeBytes()).isEqualTo(0);
  }

  @Test
  void iovasOfTheUpperHalfAreUnsigned() {
    gather.addPage(domain, 0xffff_0000_0000_1000L, 0x1000);
    gather.addPage(domain, 0xffff_0000_0000_2000L, 0x1000);
    assertThat(gather.isEmpty()).isFalse();
    assertThat(gather.isDisjoint(0x1000, 0x1000)).isTrue();
    assertThat(gather.isDisjoint(0xffff_0000_0000_0000L, 0x1000)).isFalse();

    gather.addPage(domain, 0x1000, 0x1000);

    assertThat(synced).containsExactly("0xffff000000001000..0xffff000000002fff by 0x1000");
  }

  @Test
  void aQueuedGatherStaysQueuedThroughItsSyncs() {
    gather.setQueued(true);
    gather.addRange(0x1000, 0x1000);

    gather.syncTo(domain);

    assertThat(gather.isQueued()).isTrue();
  }
}
