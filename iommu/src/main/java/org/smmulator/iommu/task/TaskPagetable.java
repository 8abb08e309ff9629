package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** The table behind a token, however it was made; errnos are those of {@link IommuTask}. */
public interface TaskPagetable {
  /** See {@link IommuTask#map}; the task is alive. */
  void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException;

  /** See {@link IommuTask#unmap}. */
  long unmap(long iova, long sizeBytes);

  /** See {@link IommuTask#preallocate}; the task is alive. */
  default IommuTask.Preallocation preallocate(long iova, long sizeBytes) throws ErrnoException {
    throw EOPNOTSUPP.because("the table reserves no pages");
  }

  /** See {@link IommuTask#join}; the device is not yet among those that the table serves. */
  default void join(Device device) throws ErrnoException {
    throw EOPNOTSUPP.because("the table serves no other device");
  }

  /** See {@link IommuTask#leave}; the device has joined. */
  default void leave(Device device) {
    throw new IllegalStateException(device.name() + " cannot have joined");
  }

  /** See {@link IommuTask#load}; the device is one that the table serves. */
  default void load(Device device) throws ErrnoException {
    throw EOPNOTSUPP.because("%s switches tables by itself", device.name());
  }

  /** See {@link IommuTask#reach}. */
  default IommuGeometry reach() {
    return new IommuGeometry(0, Long.MAX_VALUE, false);
  }

  /**
   * Returns whether another task may have the table when its own is dead: see {@link
   * IommuTask#handOver}.
   */
  default boolean outlivesTask() {
    return true;
  }

  /**
   * One attribute of the table: see {@link IommuTask#attribute}.
   *
   * @throws ErrnoException EOPNOTSUPP if the table's owner answers no such question
   */
  default long attribute(TaskAttribute which) throws ErrnoException {
    throw EOPNOTSUPP.because("no attribute %s", which);
  }

  /** See {@link IommuTask#pagetableBase}. */
  long base();

  /** See {@link IommuTask#pasid}. */
  int pasid();

  /** See {@link IommuTask#asid}. */
  default int asid() {
    return 0;
  }

  /** See {@link IommuTask#iovaToPhys}. */
  long iovaToPhys(long iova);

  /** See {@link IommuTask#explain}. */
  PgtableWalk explain(long iova);

  /** See {@link IommuTask#descriptors}. */
  default ImmutableList<Long> descriptors(long iova) {
    return ImmutableList.of();
  }

  /** See {@link IommuTask#forEachLeaf}. */
  void forEachLeaf(LeafVisitor visitor);

  /** Unmaps what is left and gives everything back; the joined devices have left. */
  void free();
}
