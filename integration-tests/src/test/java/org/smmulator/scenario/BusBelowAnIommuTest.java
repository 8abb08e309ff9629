package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.SdController;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/** A card host behind an IOMMU, on a bus with {@code dma-ranges}. */
@SuppressWarnings("NullAway.Init") // each test boots first
class BusBelowAnIommuTest {
  private static final long LOW = 0x4000_0000L;
  private static final int BYTES = 3 * 512;

  @TempDir Path folder;

  private Machine machine;
  private PlatformDevice host;
  private SdController card;
  private long pa;

  /** The bus shows the first 1 GiB of memory, from its own address 0 on. */
  private void boot(String iommuStatus) throws Exception {
    Path board =
        CardOnABus.write(
            folder,
            "&smmu_all { status = \"%s\"; };".formatted(iommuStatus),
            "<0x0 0x0 0x40000000 0x40000000>",
            "iommus = <&smmu_all 0x40>;");
    machine = Machine.on(new Boards().load(board.toString())).boot();
    host = requireNonNull(machine.devices().find(CardOnABus.NAME));
    card = requireNonNull(host.find(SdController.class));
    PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
    pa = machine.pages().alloc(0, owner);
  }

  @AfterEach
  void shutDown() {
    if (machine != null) {
      machine.close();
    }
  }

  @Test
  void theIommuIsInThePlaceOfTheWindowsWhichOnlyLimitIovas() throws Exception {
    boot("okay");

    assertThat(arrives()).isTrue();

    assertThat(machine.iommu().groupOf(host)).isNotNull();
    long iova = dmaAddress();
    assertThat(iova).isLessThan(LOW);
    assertThat(iova).isNotEqualTo(pa - LOW);
  }

  @Test
  void withoutTheIommuTheBusShowsMemoryInItsWindows() throws Exception {
    boot("disabled");

    assertThat(arrives()).isTrue();

    assertThat(machine.iommu().groupOf(host)).isNull();
    assertThat(dmaAddress()).isEqualTo(pa - LOW);
  }

  private long dmaAddress() {
    long at = machine.dma().mapPage(host, pa, BYTES, TO_DEVICE);
    machine.dma().unmapPage(host, at, BYTES, TO_DEVICE);
    return at;
  }

  /** Tells whether random bytes that are written to the card are read back. */
  private boolean arrives() throws Exception {
    byte[] bytes = CardOnABus.randomBytes(BYTES);
    byte[] arrived = CardOnABus.roundTrip(machine, card, pa, bytes);
    return Arrays.equals(arrived, bytes);
  }
}
