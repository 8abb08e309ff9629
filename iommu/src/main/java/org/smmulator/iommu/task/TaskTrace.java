package org.smmulator.iommu.task;

import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/** The tracepoints of tokens; each costs one branch while it is off. */
final class TaskTrace {
  private final Tracepoint<TaskEvents.Bind> bind;
  private final Tracepoint<TaskEvents.Map> map;
  private final Tracepoint<TaskEvents.Unmap> unmap;
  private final Tracepoint<TaskEvents.Unbind> unbind;

  TaskTrace(Tracer tracer) {
    bind = tracer.tracepoint(TaskEvents.Bind.class);
    map = tracer.tracepoint(TaskEvents.Map.class);
    unmap = tracer.tracepoint(TaskEvents.Unmap.class);
    unbind = tracer.tracepoint(TaskEvents.Unbind.class);
  }

  void bound(IommuTask token) {
    if (bind.on) {
      bind.emit(new TaskEvents.Bind(device(token), token.task().pid(), token.pagetableBase()));
    }
  }

  void mapped(IommuTask token, long iova, long pa, long sizeBytes, int prot) {
    if (map.on) {
      map.emit(new TaskEvents.Map(token.pagetableBase(), iova, pa, sizeBytes, prot));
    }
  }

  void unmapped(IommuTask token, long iova, long sizeBytes, long unmappedBytes) {
    if (unmap.on) {
      unmap.emit(new TaskEvents.Unmap(token.pagetableBase(), iova, sizeBytes, unmappedBytes));
    }
  }

  void unbound(IommuTask token) {
    if (unbind.on) {
      unbind.emit(new TaskEvents.Unbind(device(token), token.task().pid(), token.pagetableBase()));
    }
  }

  private static String device(IommuTask token) {
    return token.devices().getFirst().name();
  }
}
