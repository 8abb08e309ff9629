package org.smmulator.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/** The core's tracepoints; each costs one branch while it is off. */
final class IommuTrace {
  private final Tracepoint<IommuEvents.AddDeviceToGroup> addDevice;
  private final Tracepoint<IommuEvents.RemoveDeviceFromGroup> removeDevice;
  private final Tracepoint<IommuEvents.AttachDeviceToDomain> attach;
  private final Tracepoint<IommuEvents.Map> map;
  private final Tracepoint<IommuEvents.Unmap> unmap;
  private final Tracepoint<IommuEvents.IoPageFault> fault;

  IommuTrace(Tracer tracer) {
    addDevice = tracer.tracepoint(IommuEvents.AddDeviceToGroup.class);
    removeDevice = tracer.tracepoint(IommuEvents.RemoveDeviceFromGroup.class);
    attach = tracer.tracepoint(IommuEvents.AttachDeviceToDomain.class);
    map = tracer.tracepoint(IommuEvents.Map.class);
    unmap = tracer.tracepoint(IommuEvents.Unmap.class);
    fault = tracer.tracepoint(IommuEvents.IoPageFault.class);
  }

  void joined(int groupId, Device device) {
    if (addDevice.on) {
      addDevice.emit(new IommuEvents.AddDeviceToGroup(groupId, device.name()));
    }
  }

  void left(int groupId, Device device) {
    if (removeDevice.on) {
      removeDevice.emit(new IommuEvents.RemoveDeviceFromGroup(groupId, device.name()));
    }
  }

  void attached(Device device) {
    if (attach.on) {
      attach.emit(new IommuEvents.AttachDeviceToDomain(device.name()));
    }
  }

  void mapped(IommuDomain.Paging domain, long iova, long pa, long sizeBytes) {
    if (map.on) {
      map.emit(new IommuEvents.Map(domain.pagetableBase(), iova, pa, sizeBytes));
    }
  }

  void unmapped(IommuDomain.Paging domain, long iova, long sizeBytes, long unmappedBytes) {
    if (unmap.on) {
      unmap.emit(new IommuEvents.Unmap(domain.pagetableBase(), iova, sizeBytes, unmappedBytes));
    }
  }

  void faulted(@Nullable Device device, long iova, int flags) {
    if (fault.on) {
      String name = device == null ? "(null)" : device.name();
      String driver = device == null ? "(null)" : device.driverString();
      fault.emit(new IommuEvents.IoPageFault(driver, name, iova, flags));
    }
  }
}
