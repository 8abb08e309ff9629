package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;

/** Makes the dynamic domains that three of the designs put behind a token. */
final class DynamicTables {
  private final Iommu iommu;
  private final PageAllocator pages;
  private final OpenTables open;

  DynamicTables(IommuServices services) {
    this.iommu = services.iommu();
    this.pages = services.kernel().pages();
    this.open = new OpenTables(services.kernel().lockdep().mutex("dynamic tables"));
  }

  Iommu iommu() {
    return iommu;
  }

  /**
   * Makes a table beside the device's domain; no register is touched.
   *
   * @throws ErrnoException ENODEV if the device's IOMMU has no such tables; ENOMEM
   */
  PgtableDomain.Dynamic make(Device device, Holder holder) throws ErrnoException {
    try {
      return PgtableDomain.Dynamic.alloc(device, pages.owner(holder, "pagetable", PageZone.KERNEL));
    } catch (ErrnoException e) {
      throw e.errno() == EOPNOTSUPP ? ENODEV.because("%s", e.reason()) : e;
    }
  }

  /**
   * Has the IOMMU walk the lower half if {@code table} is the device's first.
   *
   * @throws ErrnoException as the IOMMU's driver; the table is freed then
   */
  void open(Device device, PgtableDomain.Dynamic table) throws ErrnoException {
    try {
      open.opened(device, table::openLower);
    } catch (ErrnoException e) {
      iommu.free(table);
      throw e;
    }
  }

  /** The iovas of {@code master} that every table leads to as well. */
  static IommuGeometry persistent(IommuDomain.Paging master) {
    return master instanceof PgtableDomain table ? table.persistent() : master.geometry();
  }

  /** Ends {@link #open}. */
  void close(Device device, PgtableDomain.Dynamic table) {
    open.closed(device, table::closeLower);
  }
}
