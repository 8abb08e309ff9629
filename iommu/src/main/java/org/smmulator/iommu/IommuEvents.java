package org.smmulator.iommu;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/** The tracepoints of {@code include/trace/events/iommu.h}, as the kernel prints them. */
public sealed interface IommuEvents extends TraceEvent {
  @Override
  default String system() {
    return "iommu";
  }

  /** {@code TRACE_EVENT(add_device_to_group)}. */
  record AddDeviceToGroup(int groupId, String device) implements IommuEvents {
    @Override
    public String name() {
      return "add_device_to_group";
    }

    @Override
    public String print() {
      return format("IOMMU: groupID=%d device=%s", groupId, device);
    }
  }

  /** {@code TRACE_EVENT(remove_device_from_group)}. */
  record RemoveDeviceFromGroup(int groupId, String device) implements IommuEvents {
    @Override
    public String name() {
      return "remove_device_from_group";
    }

    @Override
    public String print() {
      return format("IOMMU: groupID=%d device=%s", groupId, device);
    }
  }

  /** {@code TRACE_EVENT(attach_device_to_domain)}. */
  record AttachDeviceToDomain(String device) implements IommuEvents {
    @Override
    public String name() {
      return "attach_device_to_domain";
    }

    @Override
    public String print() {
      return format("IOMMU: device=%s", device);
    }
  }

  /**
   * {@code TRACE_EVENT(map)}.
   *
   * @param base of the domain's table, which Linux does not trace and which is not printed
   */
  record Map(long base, long iova, long paddr, long size) implements IommuEvents {
    @Override
    public String name() {
      return "map";
    }

    @Override
    public String print() {
      return format(
          "IOMMU: iova=0x%016x - 0x%016x paddr=0x%016x size=%d", iova, iova + size, paddr, size);
    }
  }

  /**
   * {@code TRACE_EVENT(unmap)}.
   *
   * @param base of the domain's table; not printed
   */
  record Unmap(long base, long iova, long size, long unmappedSize) implements IommuEvents {
    @Override
    public String name() {
      return "unmap";
    }

    @Override
    public String print() {
      return format(
          "IOMMU: iova=0x%016x - 0x%016x size=%d unmapped_size=%d",
          iova, iova + size, size, unmappedSize);
    }
  }

  /**
   * {@code TRACE_EVENT(io_page_fault)}.
   *
   * @param device {@code (null)} if the IOMMU's driver does not know whose transaction it was
   */
  record IoPageFault(String driver, String device, long iova, int flags) implements IommuEvents {
    @Override
    public String name() {
      return "io_page_fault";
    }

    @Override
    public String print() {
      return format("IOMMU:%s %s iova=0x%016x flags=0x%04x", driver, device, iova, flags);
    }
  }

  @FormatMethod
  private static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
