package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EIO;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.trace.Tracer;

/**
 * The calls by which drivers make memory reachable for their device, behind an IOMMU or not.
 *
 * <p>Kernel: {@code kernel/dma/mapping.c}. A device with {@link DmaOps} attached uses those, others
 * map directly. A direction {@link DmaDirection#NONE} is a bug.
 */
public final class DmaApi {
  private final DmaOps direct;
  private final @Nullable DmaDebug debug;
  private final DmaTrace trace;

  /** Devices without their own operations use {@code direct}. */
  public DmaApi(DmaDirect direct, Tracer tracer) {
    this(direct, null, tracer);
  }

  /** The same, with somebody who watches what drivers do, or null. */
  public DmaApi(DmaDirect direct, @Nullable DmaDebug debug, Tracer tracer) {
    this.direct = direct;
    this.debug = debug;
    this.trace = new DmaTrace(tracer);
  }

  /**
   * Allocates zeroed memory that the device and the CPU share. Kernel: {@code
   * dma_alloc_coherent()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public CoherentBuffer allocCoherent(Device device, long sizeBytes) throws ErrnoException {
    return allocCoherent(device, sizeBytes, DmaAttr.NONE);
  }

  /**
   * {@link #allocCoherent(Device, long)} with bits of {@link DmaAttr}. Kernel: {@code
   * dma_alloc_attrs()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
      throws ErrnoException {
    CoherentBuffer buffer;
    try {
      buffer = opsOf(device).allocCoherent(device, sizeBytes, attrs);
    } catch (ErrnoException e) {
      trace.notAllocated(device, sizeBytes, attrs);
      throw e;
    }
    trace.allocated(device, buffer, attrs);
    if (debug != null) {
      debug.allocated(device, buffer, attrs);
    }
    return buffer;
  }

  /** Gives back what {@link #allocCoherent} gave. Kernel: {@code dma_free_coherent()}. */
  public void freeCoherent(Device device, CoherentBuffer buffer) {
    trace.freeing(device, buffer);
    if (debug != null) {
      debug.freed(device, buffer);
    }
    opsOf(device).freeCoherent(device, buffer);
  }

  /**
   * Maps physical memory; returns the DMA address or {@link DmaOps#MAPPING_ERROR}. Kernel: {@code
   * dma_map_page()}.
   */
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction) {
    return mapPage(device, pa, sizeBytes, direction, DmaAttr.NONE);
  }

  /** The same with bits of {@link DmaAttr}. Kernel: {@code dma_map_page_attrs()}. */
  public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
    checkDirection(direction);
    long dmaAddress = opsOf(device).mapPage(device, pa, sizeBytes, direction, attrs);
    trace.mapped(device, pa, sizeBytes, direction, dmaAddress, attrs);
    if (debug != null) {
      debug.mapped(device, pa, sizeBytes, direction, dmaAddress, attrs);
    }
    return dmaAddress;
  }

  /**
   * Returns whether {@link #mapPage} failed; each of its results is to be asked about. Kernel:
   * {@code dma_mapping_error()}.
   */
  public boolean mappingError(Device device, long dmaAddress) {
    if (debug != null) {
      debug.errorChecked(device, dmaAddress);
    }
    return dmaAddress == DmaOps.MAPPING_ERROR;
  }

  /** Undoes {@link #mapPage}. Kernel: {@code dma_unmap_page()}. */
  public void unmapPage(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    unmapPage(device, dmaAddress, sizeBytes, direction, DmaAttr.NONE);
  }

  /** Undoes a {@link #mapPage} with the same attributes. */
  public void unmapPage(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
    checkDirection(direction);
    opsOf(device).unmapPage(device, dmaAddress, sizeBytes, direction, attrs);
    trace.unmapped(device, dmaAddress, sizeBytes, direction, attrs);
    if (debug != null) {
      debug.unmapped(device, dmaAddress, sizeBytes, direction);
    }
  }

  /**
   * Maps a list; returns how many pieces the device sees, 0 on any error. Kernel: {@code
   * dma_map_sg()}.
   */
  public int mapSg(Device device, ScatterList list, DmaDirection direction) {
    try {
      map(device, list, direction, DmaAttr.NONE);
    } catch (ErrnoException e) {
      return 0;
    }
    return list.mappedCount();
  }

  /**
   * Maps a list. Kernel: {@code dma_map_sgtable()}.
   *
   * @throws ErrnoException EINVAL, ENOMEM, EIO or EREMOTEIO; any other that the operations threw
   *     becomes EIO
   */
  public void mapSgtable(Device device, ScatterList list, DmaDirection direction)
      throws ErrnoException {
    mapSgtable(device, list, direction, DmaAttr.NONE);
  }

  /**
   * {@link #mapSgtable(Device, ScatterList, DmaDirection)} with bits of {@link DmaAttr}.
   *
   * @throws ErrnoException the same
   */
  public void mapSgtable(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    map(device, list, direction, attrs);
  }

  /** Undoes {@link #mapSg} and {@link #mapSgtable}. Kernel: {@code dma_unmap_sgtable()}. */
  public void unmapSg(Device device, ScatterList list, DmaDirection direction) {
    unmapSg(device, list, direction, DmaAttr.NONE);
  }

  /** Undoes a map of {@code list} with the same attributes. */
  public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    checkDirection(direction);
    trace.unmappingSg(device, list, direction, attrs);
    if (debug != null) {
      debug.unmappedSg(device, list, direction);
    }
    opsOf(device).unmapSg(device, list, direction, attrs);
  }

  /**
   * Hands mapped memory, or a part of it, to the CPU: what the device wrote can be read now.
   * Kernel: {@code dma_sync_single_for_cpu()}.
   */
  public void syncForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    checkDirection(direction);
    opsOf(device).syncForCpu(device, dmaAddress, sizeBytes, direction);
    trace.syncedForCpu(device, dmaAddress, sizeBytes, direction);
    if (debug != null) {
      debug.synced(device, dmaAddress, sizeBytes, direction, true);
    }
  }

  /**
   * Hands mapped memory, or a part of it, to the device: it sees what the CPU wrote. Kernel: {@code
   * dma_sync_single_for_device()}.
   */
  public void syncForDevice(
      Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    checkDirection(direction);
    opsOf(device).syncForDevice(device, dmaAddress, sizeBytes, direction);
    trace.syncedForDevice(device, dmaAddress, sizeBytes, direction);
    if (debug != null) {
      debug.synced(device, dmaAddress, sizeBytes, direction, false);
    }
  }

  /** {@link #syncForCpu} for all of a mapped list. Kernel: {@code dma_sync_sgtable_for_cpu()}. */
  public void syncSgForCpu(Device device, ScatterList list, DmaDirection direction) {
    checkDirection(direction);
    DmaOps ops = opsOf(device);
    for (int i = 0; i < list.mappedCount(); i++) {
      ops.syncForCpu(device, list.dmaAddress(i), list.dmaLength(i), direction);
    }
    trace.syncedSgForCpu(device, list, direction);
    if (debug != null) {
      debug.syncedSg(device, list, direction, true);
    }
  }

  /** {@link #syncForDevice} for all of a mapped list. */
  public void syncSgForDevice(Device device, ScatterList list, DmaDirection direction) {
    checkDirection(direction);
    DmaOps ops = opsOf(device);
    for (int i = 0; i < list.mappedCount(); i++) {
      ops.syncForDevice(device, list.dmaAddress(i), list.dmaLength(i), direction);
    }
    trace.syncedSgForDevice(device, list, direction);
    if (debug != null) {
      debug.syncedSg(device, list, direction, false);
    }
  }

  private void map(Device device, ScatterList list, DmaDirection direction, int attrs)
      throws ErrnoException {
    checkDirection(direction);
    checkState(list.mappedCount() == 0, "the list is mapped already");
    try {
      opsOf(device).mapSg(device, list, direction, attrs);
    } catch (ErrnoException e) {
      throw notMapped(device, list, direction, attrs, e);
    } finally {
      list.endMapping();
    }
    trace.mappedSg(device, list, direction, attrs);
    if (debug != null) {
      debug.mappedSg(device, list, direction, attrs);
    }
  }

  /** Operations have many reasons, callers are told four. */
  private ErrnoException notMapped(
      Device device, ScatterList list, DmaDirection direction, int attrs, ErrnoException e) {
    return switch (e.errno()) {
      case EINVAL, ENOMEM, EIO, EREMOTEIO -> e;
      default -> {
        trace.notMappedSg(device, list, direction, attrs, e.errno());
        yield EIO.because("%s", e.getMessage());
      }
    };
  }

  private DmaOps opsOf(Device device) {
    DmaOps own = device.find(DmaOps.class);
    return own == null ? direct : own;
  }

  private static void checkDirection(DmaDirection direction) {
    checkArgument(direction != DmaDirection.NONE, "DMA without a direction");
  }
}
