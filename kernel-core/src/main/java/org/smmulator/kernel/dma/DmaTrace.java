package org.smmulator.kernel.dma;

import com.google.common.primitives.ImmutableLongArray;
import java.util.function.IntToLongFunction;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/** The DMA API's tracepoints; each costs one branch while it is off. */
final class DmaTrace {
  private final Tracepoint<DmaEvents.MapPhys> map;
  private final Tracepoint<DmaEvents.UnmapPhys> unmap;
  private final Tracepoint<DmaEvents.Alloc> alloc;
  private final Tracepoint<DmaEvents.Free> free;
  private final Tracepoint<DmaEvents.MapSg> mapSg;
  private final Tracepoint<DmaEvents.MapSgErr> mapSgErr;
  private final Tracepoint<DmaEvents.UnmapSg> unmapSg;
  private final Tracepoint<DmaEvents.SyncSingleForCpu> forCpu;
  private final Tracepoint<DmaEvents.SyncSingleForDevice> forDevice;
  private final Tracepoint<DmaEvents.SyncSgForCpu> sgForCpu;
  private final Tracepoint<DmaEvents.SyncSgForDevice> sgForDevice;

  DmaTrace(Tracer tracer) {
    map = tracer.tracepoint(DmaEvents.MapPhys.class);
    unmap = tracer.tracepoint(DmaEvents.UnmapPhys.class);
    alloc = tracer.tracepoint(DmaEvents.Alloc.class);
    free = tracer.tracepoint(DmaEvents.Free.class);
    mapSg = tracer.tracepoint(DmaEvents.MapSg.class);
    mapSgErr = tracer.tracepoint(DmaEvents.MapSgErr.class);
    unmapSg = tracer.tracepoint(DmaEvents.UnmapSg.class);
    forCpu = tracer.tracepoint(DmaEvents.SyncSingleForCpu.class);
    forDevice = tracer.tracepoint(DmaEvents.SyncSingleForDevice.class);
    sgForCpu = tracer.tracepoint(DmaEvents.SyncSgForCpu.class);
    sgForDevice = tracer.tracepoint(DmaEvents.SyncSgForDevice.class);
  }

  void mapped(
      Device device, long pa, long sizeBytes, DmaDirection direction, long dmaAddress, int attrs) {
    if (map.on) {
      map.emit(new DmaEvents.MapPhys(device.name(), pa, dmaAddress, sizeBytes, direction, attrs));
    }
  }

  void unmapped(Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
    if (unmap.on) {
      unmap.emit(new DmaEvents.UnmapPhys(device.name(), dmaAddress, sizeBytes, direction, attrs));
    }
  }

  void allocated(Device device, CoherentBuffer buffer, int attrs) {
    if (alloc.on) {
      alloc.emit(
          new DmaEvents.Alloc(
              device.name(), buffer.pa(), buffer.dmaAddress(), buffer.sizeBytes(), attrs));
    }
  }

  void notAllocated(Device device, long sizeBytes, int attrs) {
    if (alloc.on) {
      alloc.emit(new DmaEvents.Alloc(device.name(), 0, 0, sizeBytes, attrs));
    }
  }

  void freeing(Device device, CoherentBuffer buffer) {
    if (free.on) {
      free.emit(
          new DmaEvents.Free(device.name(), buffer.pa(), buffer.dmaAddress(), buffer.sizeBytes()));
    }
  }

  void mappedSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    if (mapSg.on) {
      int shown = Math.min(list.count(), DmaEvents.MAX_ENTRIES);
      int shownMapped = Math.min(list.mappedCount(), DmaEvents.MAX_ENTRIES);
      mapSg.emit(
          new DmaEvents.MapSg(
              device.name(),
              list.count(),
              list.mappedCount(),
              copy(shown, list::pa),
              copy(shownMapped, list::dmaAddress),
              copy(shownMapped, list::dmaLength),
              direction,
              attrs));
    }
  }

  void notMappedSg(
      Device device, ScatterList list, DmaDirection direction, int attrs, Errno errno) {
    if (mapSgErr.on) {
      mapSgErr.emit(
          new DmaEvents.MapSgErr(
              device.name(), copy(list.count(), list::pa), errno, direction, attrs));
    }
  }

  void unmappingSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
    if (unmapSg.on) {
      unmapSg.emit(
          new DmaEvents.UnmapSg(device.name(), copy(list.count(), list::pa), direction, attrs));
    }
  }

  void syncedForCpu(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    if (forCpu.on) {
      forCpu.emit(new DmaEvents.SyncSingleForCpu(device.name(), dmaAddress, sizeBytes, direction));
    }
  }

  void syncedForDevice(Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {
    if (forDevice.on) {
      forDevice.emit(
          new DmaEvents.SyncSingleForDevice(device.name(), dmaAddress, sizeBytes, direction));
    }
  }

  void syncedSgForCpu(Device device, ScatterList list, DmaDirection direction) {
    if (sgForCpu.on) {
      sgForCpu.emit(
          new DmaEvents.SyncSgForCpu(
              device.name(),
              copy(list.count(), list::lastDmaAddress),
              copy(list.count(), list::lastDmaLength),
              direction));
    }
  }

  void syncedSgForDevice(Device device, ScatterList list, DmaDirection direction) {
    if (sgForDevice.on) {
      sgForDevice.emit(
          new DmaEvents.SyncSgForDevice(
              device.name(),
              copy(list.count(), list::lastDmaAddress),
              copy(list.count(), list::lastDmaLength),
              direction));
    }
  }

  private static ImmutableLongArray copy(int count, IntToLongFunction values) {
    ImmutableLongArray.Builder copy = ImmutableLongArray.builder(count);
    for (int i = 0; i < count; i++) {
      copy.add(values.applyAsLong(i));
    }
    return copy.build();
  }
}
