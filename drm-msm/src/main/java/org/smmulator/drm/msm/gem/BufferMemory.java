package org.smmulator.drm.msm.gem;

import org.smmulator.drm.gem.GemPages;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The memory of clients' buffers: its placement, and the CPU caches' write-back before the GPU
 * reads it.
 *
 * <p>The GPU's addresses come from the file's pagetable. The DMA API is asked for one thing only:
 * that what the CPU wrote has reached memory. Kernel: {@code sync_for_device()} and {@code
 * sync_for_cpu()} of {@code msm_gem.c}.
 */
public record BufferMemory(
    DmaApi dma, Device gpu, Dram dram, GemPages.Placement placement, MsmGemLists lists) {
  /**
   * Hands {@code pages} to the GPU. Linux does not look whether the DMA API could; here the buffer
   * has no pages then.
   *
   * @return what {@link #syncForCpu} takes back
   * @throws ErrnoException EIO if the GPU's DMA mask does not reach them; ENOMEM
   */
  ScatterList syncForDevice(GemPages pages) throws ErrnoException {
    ScatterList list = pages.pieces();
    dma.mapSgtable(gpu, list, DmaDirection.BIDIRECTIONAL);
    return list;
  }

  /** Takes back what {@link #syncForDevice} handed over. */
  void syncForCpu(ScatterList list) {
    dma.unmapSg(gpu, list, DmaDirection.BIDIRECTIONAL);
  }
}
