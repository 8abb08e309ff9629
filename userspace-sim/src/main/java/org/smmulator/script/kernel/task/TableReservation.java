package org.smmulator.script.kernel.task;

import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.device.Device;
import org.smmulator.script.Kind;
import org.smmulator.script.kernel.DriverResource;

/** Pages of a task's table that are set aside. */
final class TableReservation extends DriverResource {
  static final Kind<TableReservation> KIND =
      new Kind<>("reserved table pages", TableReservation.class);

  private final IommuTask.Preallocation pages;

  TableReservation(IommuTask.Preallocation pages, Device device) {
    this.pages = pages;
    belongTo(device, "give reserved table pages back");
  }

  @Override
  protected void giveBack() {
    pages.close();
  }
}
