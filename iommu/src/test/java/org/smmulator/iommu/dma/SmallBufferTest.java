package org.smmulator.iommu.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

/**
 * A trusted device behind an IOMMU that does not snoop, and a few bytes in a line of the CPUs'
 * caches whose rest is somebody else's.
 */
class SmallBufferTest {
  private static final int OFFSET = 0x920;
  private static final int BYTES = 32;

  private DmaMachine machine;
  private Device usb;
  private CpuMemory cpu;
  private long page;

  @BeforeEach
  void start() throws Exception {
    machine = DmaMachine.writingBack(DmaMachine.STRICT);
    usb = machine.usb;
    cpu = machine.pages.cpu();
    PageOwner owner = machine.pages.owner("test", PageZone.KERNEL);
    page = machine.pages.alloc(0, owner);
  }

  @AfterEach
  void shutDown() {
    machine.close();
  }

  private void deviceWrites(long dmaAddress, int value) {
    machine.dram.putInt(machine.driver.translate(usb, dmaAddress), value);
  }

  @Test
  void neitherTheDeviceNorTheNeighbourLosesWhatItWrites() throws Exception {
    machine.run(() -> {
      for (DmaDirection direction : new DmaDirection[] {FROM_DEVICE, BIDIRECTIONAL}) {
        long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, direction);
        cpu.store(page + OFFSET - 8, 4, 5);
        deviceWrites(at, 7);
        assertThat(machine.pool.usedSlots()).isEqualTo(2); // a granule
        machine.dma.unmapPage(usb, at, BYTES, direction);

        assertThat(cpu.load(page + OFFSET, 4)).isEqualTo(7);
        assertThat(cpu.load(page + OFFSET - 8, 4)).isEqualTo(5);
        assertThat(machine.pool.usedSlots()).isEqualTo(0);
      }
    });
  }

  @Test
  void aSyncCarriesTheBytes() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, BIDIRECTIONAL);
      deviceWrites(at, 7);
      machine.dma.syncForCpu(usb, at, BYTES, BIDIRECTIONAL);
      assertThat(cpu.load(page + OFFSET, 4)).isEqualTo(7);

      cpu.store(page + OFFSET, 4, 8);
      machine.dma.syncForDevice(usb, at, BYTES, BIDIRECTIONAL);

      assertThat(machine.dram.getInt(machine.driver.translate(usb, at))).isEqualTo(8);
      machine.dma.unmapPage(usb, at, BYTES, BIDIRECTIONAL);
    });
  }

  @Test
  void aListWithASmallPieceIsMappedPieceByPiece() throws Exception {
    machine.run(() -> {
      ScatterList list = new ScatterList();
      list.add(page + 0x1000, 0x1000);
      list.add(page + OFFSET, BYTES);
      machine.dma.mapSgtable(usb, list, FROM_DEVICE);
      assertThat(machine.driver.translate(usb, list.dmaAddress(0))).isEqualTo(page + 0x1000);
      assertThat(machine.pool.usedSlots()).isEqualTo(2);

      cpu.store(page + OFFSET - 8, 4, 5);
      deviceWrites(list.dmaAddress(1), 7);
      machine.dma.unmapSg(usb, list, FROM_DEVICE);

      assertThat(cpu.load(page + OFFSET, 4)).isEqualTo(7);
      assertThat(cpu.load(page + OFFSET - 8, 4)).isEqualTo(5);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }

  @Test
  void theSamePieceInAListThatIsOnlyReadOrForADeviceThatSnoopsStaysWhereItIs() throws Exception {
    machine.run(() -> {
      ScatterList list = new ScatterList();
      list.add(page + OFFSET, BYTES);
      machine.dma.mapSgtable(usb, list, TO_DEVICE);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
      machine.dma.unmapSg(usb, list, TO_DEVICE);

      usb.dma().setCoherent(true);
      machine.dma.mapSgtable(usb, list, FROM_DEVICE);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
      machine.dma.unmapSg(usb, list, FROM_DEVICE);
    });
  }
}
