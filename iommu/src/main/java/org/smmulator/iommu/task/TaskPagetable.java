package org.smmulator.iommu.task;

import org.smmulator.kernel.errno.ErrnoException;

/** What stands behind a token: the table of one task on one device, however it was made. */
public interface TaskPagetable {
  /** See {@link IommuTask#map}; the task is alive. */
  void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException;

  /** See {@link IommuTask#unmap}. */
  long unmap(long iova, long sizeBytes);

  /** See {@link IommuTask#pagetableBase}. */
  long base();

  /** See {@link IommuTask#pasid}. */
  int pasid();

  /** See {@link IommuTask#iovaToPhys}. */
  long iovaToPhys(long iova);

  /** See {@link IommuTask#explain}. */
  String explain(long iova);

  /** Unmaps what is left and gives everything back. */
  void free();
}
