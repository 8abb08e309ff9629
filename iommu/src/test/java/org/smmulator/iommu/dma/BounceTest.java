package org.smmulator.iommu.dma;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EIO;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

/**
 * A device that is not trusted and a run that shares its page with others' data: an IOMMU protects
 * whole pages, so the run goes through a page of the bounce pool.
 */
class BounceTest {
  private static final int PAGE = 4096;
  private static final int OFFSET = 0x900;
  private static final int BYTES = 0x40;
  private static final int OURS = 0x11;
  private static final int SECRET = 0x5ec2e7;

  private DmaMachine machine;
  private Device usb;
  private long page;

  @BeforeEach
  void plugIn() throws Exception {
    machine = new DmaMachine(DmaMachine.STRICT);
    usb = machine.usb;
    usb.dma().setUntrusted(true);
    PageOwner owner = machine.pages.owner("test", PageZone.KERNEL);
    page = machine.pages.alloc(0, owner);
    machine.dram.putInt(page + OFFSET - 4, SECRET);
    machine.dram.putInt(page + OFFSET, OURS);
    machine.dram.putInt(page + OFFSET + BYTES, SECRET);
  }

  @AfterEach
  void shutDown() {
    machine.close();
  }

  /** What the device finds at a DMA address. */
  private int seen(long dmaAddress) {
    return machine.dram.getInt(machine.driver.translate(usb, dmaAddress));
  }

  private void deviceWrites(long dmaAddress, int value) {
    machine.dram.putInt(machine.driver.translate(usb, dmaAddress), value);
  }

  @Test
  void theDeviceFindsTheRunAndZeroesAroundIt() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, TO_DEVICE);

      assertThat(seen(at)).isEqualTo(OURS);
      long start = at & -PAGE;
      for (long each = start; each < start + PAGE; each += 4) {
        assertThat(seen(each)).isEqualTo(each == at ? OURS : 0);
      }
      machine.dma.unmapPage(usb, at, BYTES, TO_DEVICE);
      assertThat(machine.driver.translate(usb, at)).isEqualTo(TableDriver.FAULT);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }

  @Test
  void whatTheDeviceWritesArrivesWhenTheMappingEndsAndOnlyWhereItMay() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, FROM_DEVICE);
      deviceWrites(at, 0x22);
      deviceWrites(at + BYTES, 0xbad); // beyond its run, within its page
      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(OURS);

      machine.dma.unmapPage(usb, at, BYTES, FROM_DEVICE);

      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(0x22);
      assertThat(machine.dram.getInt(page + OFFSET + BYTES)).isEqualTo(SECRET);
      assertThat(machine.dram.getInt(page + OFFSET - 4)).isEqualTo(SECRET);
    });
  }

  @Test
  void aDeviceThatWritesOnlyAPartLeavesTheRestAsItWas() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, FROM_DEVICE);
      deviceWrites(at + 4, 0x22);
      machine.dma.unmapPage(usb, at, BYTES, FROM_DEVICE);

      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(OURS);
      assertThat(machine.dram.getInt(page + OFFSET + 4)).isEqualTo(0x22);
    });
  }

  @Test
  void betweenMapAndUnmapASyncCarriesTheBytes() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, BIDIRECTIONAL);

      deviceWrites(at, 0x22);
      machine.dma.syncForCpu(usb, at, BYTES, BIDIRECTIONAL);
      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(0x22);

      machine.dram.putInt(page + OFFSET, 0x33);
      assertThat(seen(at)).isEqualTo(0x22);
      machine.dma.syncForDevice(usb, at, BYTES, BIDIRECTIONAL);
      assertThat(seen(at)).isEqualTo(0x33);

      machine.dma.unmapPage(usb, at, BYTES, BIDIRECTIONAL);
    });
  }

  /** Kernel: {@code swiotlb_sync_single_for_device()} copies nothing for what the device writes. */
  @Test
  void aSyncForADeviceThatOnlyWritesLeavesWhatItWrote() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, FROM_DEVICE);
      deviceWrites(at, 0x22);

      machine.dma.syncForDevice(usb, at, BYTES, FROM_DEVICE);

      assertThat(seen(at)).isEqualTo(0x22);
      machine.dma.unmapPage(usb, at, BYTES, FROM_DEVICE);
      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(0x22);
    });
  }

  /** Kernel: {@code dev_use_sg_swiotlb()} does not look at the pieces of such a device. */
  @Test
  void aListOfWholePagesIsMappedPieceByPieceToo() throws Exception {
    machine.run(() -> {
      long two = machine.pages.alloc(1, machine.pages.owner("test", PageZone.KERNEL));
      ScatterList list = new ScatterList();
      list.add(two, PAGE);
      list.add(two + PAGE, PAGE);

      machine.dma.mapSgtable(usb, list, TO_DEVICE);

      assertThat(list.mappedCount()).isEqualTo(2);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
      machine.dma.unmapSg(usb, list, TO_DEVICE);
      assertThat(machine.driver.domainOf(usb).leaves).isEmpty();
    });
  }

  /** Kernel: {@code iommu_dma_map_sg_swiotlb()}. */
  @Test
  void aListOfWhichOnePieceFindsNoRoomIsEio() throws Exception {
    machine.run(() -> {
      for (int i = 0; i < 255; i++) {
        var _ = machine.dma.mapPage(usb, page + OFFSET, BYTES, TO_DEVICE);
      }
      int used = machine.pool.usedSlots();
      ScatterList list = new ScatterList();
      list.add(page + OFFSET, BYTES);
      list.add(page + OFFSET, BYTES);

      var refused =
          assertThrows(ErrnoException.class, () -> machine.dma.mapSgtable(usb, list, FROM_DEVICE));

      assertThat(refused.errno()).isEqualTo(EIO);
      assertThat(machine.pool.usedSlots()).isEqualTo(used);
      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(OURS); // nothing was brought back
    });
  }

  @Test
  void anUnmapThatSkipsTheSyncBringsNothingBack() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, page + OFFSET, BYTES, FROM_DEVICE);
      deviceWrites(at, 0x22);
      machine.dma.unmapPage(usb, at, BYTES, FROM_DEVICE, DmaAttr.SKIP_CPU_SYNC);

      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(OURS);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }

  @Test
  void ofAListThatHasOneSuchPieceEachIsMappedByItselfAndOnlyThatOneBounces() throws Exception {
    machine.run(() -> {
      long whole = machine.pages.alloc(0, machine.pages.owner("test", PageZone.KERNEL));
      machine.dram.putInt(whole, 7);
      ScatterList list = new ScatterList();
      list.add(page + OFFSET, BYTES);
      list.add(whole, PAGE);

      machine.dma.mapSgtable(usb, list, BIDIRECTIONAL);

      assertThat(list.mappedCount()).isEqualTo(2);
      assertThat(machine.pool.contains(machine.driver.translate(usb, list.dmaAddress(0)))).isTrue();
      assertThat(machine.driver.translate(usb, list.dmaAddress(1))).isEqualTo(whole);
      deviceWrites(list.dmaAddress(0), 0x22);
      deviceWrites(list.dmaAddress(1), 0x33);

      machine.dma.unmapSg(usb, list, BIDIRECTIONAL);
      assertThat(machine.dram.getInt(page + OFFSET)).isEqualTo(0x22);
      assertThat(machine.dram.getInt(whole)).isEqualTo(0x33);
      assertThat(machine.driver.domainOf(usb).leaves).isEmpty();
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }

  @Test
  void registersCannotBounceAndAreRefused() throws Exception {
    machine.run(() -> {
      assertThat(machine.dma.mapPage(usb, 0x0801_0040, BYTES, BIDIRECTIONAL, DmaAttr.MMIO))
          .isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
      assertThat(machine.driver.domainOf(usb).leaves).isEmpty();
    });
  }

  @Test
  void aMapThatFailsAfterwardsGivesTheRoomBack() throws Exception {
    machine.run(() -> {
      machine.driver.capacityPages = 0;

      assertThat(machine.dma.mapPage(usb, page + OFFSET, BYTES, TO_DEVICE))
          .isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }

  @Test
  void whenThePoolIsFullTheMapFailsAndTheLogSaysSo() throws Exception {
    machine.run(() -> {
      // 1 MiB in pages: 256 of them.
      for (int i = 0; i < 256; i++) {
        assertThat(machine.dma.mapPage(usb, page + OFFSET, BYTES, TO_DEVICE))
            .isNotEqualTo(DmaOps.MAPPING_ERROR);
      }
      assertThat(machine.dma.mapPage(usb, page + OFFSET, BYTES, TO_DEVICE))
          .isEqualTo(DmaOps.MAPPING_ERROR);
    });

    assertThat(String.join("\n", machine.log()))
        .contains("swiotlb buffer is full (sz: 4096 bytes)");
  }

  @Test
  void aTrustedDeviceAndARunOfWholePagesAreMappedWhereTheyLie() throws Exception {
    machine.run(() -> {
      long whole = machine.dma.mapPage(usb, page, PAGE, TO_DEVICE);
      assertThat(machine.driver.translate(usb, whole)).isEqualTo(page);

      long trusted = machine.dma.mapPage(machine.video, page + OFFSET, BYTES, TO_DEVICE);
      assertThat(machine.driver.translate(machine.video, trusted)).isEqualTo(page + OFFSET);
      assertThat(machine.pool.usedSlots()).isEqualTo(0);
    });
  }
}
