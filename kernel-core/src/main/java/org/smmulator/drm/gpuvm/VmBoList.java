package org.smmulator.drm.gpuvm;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Objects of an address space, in the order in which they were added. It may change while somebody
 * goes through it, as who goes through it locks and waits. Kernel: {@code
 * for_each_vm_bo_in_list()}.
 */
final class VmBoList {
  @FunctionalInterface
  interface Visitor {
    void visit(GpuVmBo vmBo) throws ErrnoException;
  }

  private final TreeMap<Long, GpuVmBo> byStamp = new TreeMap<>();

  // Looked up by object, never iterated.
  private final IdentityHashMap<GpuVmBo, Long> stamps = new IdentityHashMap<>(0);
  private long nextStamp;

  /** Adds it at the end, unless it is there. */
  void add(GpuVmBo vmBo) {
    if (!stamps.containsKey(vmBo)) {
      stamps.put(vmBo, nextStamp);
      byStamp.put(nextStamp++, vmBo);
    }
  }

  /** Takes it out, if it is there. */
  void remove(GpuVmBo vmBo) {
    Long stamp = stamps.remove(vmBo);
    if (stamp != null) {
      byStamp.remove(stamp);
    }
  }

  boolean isEmpty() {
    return byStamp.isEmpty();
  }

  /**
   * Shows {@code visitor} each, also those that are added meanwhile. A reference keeps the one that
   * is shown.
   */
  void forEach(Visitor visitor) throws ErrnoException {
    for (Map.Entry<Long, GpuVmBo> next = byStamp.firstEntry(); next != null; ) {
      GpuVmBo vmBo = next.getValue().get();
      try {
        visitor.visit(vmBo);
      } finally {
        vmBo.put();
      }
      next = byStamp.higherEntry(next.getKey());
    }
  }
}
