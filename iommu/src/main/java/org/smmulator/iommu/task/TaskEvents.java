package org.smmulator.iommu.task;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/**
 * The events of a token and its table. Not Linux's: today's kernel maps a file's memory with the
 * functions of its pagetable, and traces none of it.
 */
public sealed interface TaskEvents extends TraceEvent {
  @Override
  default String system() {
    return "iommu_task";
  }

  /**
   * A task was bound to a device.
   *
   * @param base of its table
   */
  record Bind(String device, int pid, long base) implements TaskEvents {
    @Override
    public String name() {
      return "iommu_bind_task";
    }

    @Override
    public String print() {
      return format("device=%s pid=%d base=0x%016x", device, pid, base);
    }
  }

  /** Memory was mapped. */
  record Map(long base, long iova, long paddr, long size, int prot) implements TaskEvents {
    @Override
    public String name() {
      return "iommu_task_map";
    }

    @Override
    public String print() {
      return format(
          "base=0x%016x iova=0x%016x - 0x%016x paddr=0x%016x size=%d prot=0x%x",
          base, iova, iova + size, paddr, size, prot);
    }
  }

  /** Memory was unmapped, and the devices' TLBs invalidated. */
  record Unmap(long base, long iova, long size, long unmappedSize) implements TaskEvents {
    @Override
    public String name() {
      return "iommu_task_unmap";
    }

    @Override
    public String print() {
      return format(
          "base=0x%016x iova=0x%016x - 0x%016x size=%d unmapped_size=%d",
          base, iova, iova + size, size, unmappedSize);
    }
  }

  /** The binding ended; the table is about to be freed. */
  record Unbind(String device, int pid, long base) implements TaskEvents {
    @Override
    public String name() {
      return "iommu_unbind_task";
    }

    @Override
    public String print() {
      return format("device=%s pid=%d base=0x%016x", device, pid, base);
    }
  }

  @FormatMethod
  private static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
