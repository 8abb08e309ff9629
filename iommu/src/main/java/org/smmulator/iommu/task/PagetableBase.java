package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EOVERFLOW;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * How the driver of a device learns the base of a task's table: the switch {@code bind-task.base}.
 * Crouse's mail of 2017 left it open: in the PASID that the bind returns, in the token, or by a
 * function that asks for a task's attributes.
 */
public sealed interface PagetableBase {
  /**
   * Delivers {@code base} with the bind that made the table.
   *
   * @return the PASID that the bind returns
   * @throws ErrnoException EOVERFLOW if the base does not fit
   */
  int pasid(long base) throws ErrnoException;

  /** The answer of the table to {@link IommuTask#attribute}, of the base {@code base}. */
  default long attribute(long base, TaskAttribute which) throws ErrnoException {
    throw EOPNOTSUPP.because("no attribute %s", which);
  }

  /** The base as the driver learns it, from a bind that returned {@code pasid}. */
  long learn(long base, int pasid);

  /** {@code token}: a field of the structure that the bind returns. */
  record Token() implements PagetableBase {
    @Override
    public int pasid(long base) {
      return 0;
    }

    @Override
    public long learn(long base, int pasid) {
      return base;
    }
  }

  /**
   * {@code pasid}: the integer that the bind returns beside the token. A table above 4 GiB cannot
   * be told that way.
   */
  record Pasid() implements PagetableBase {
    @Override
    public int pasid(long base) throws ErrnoException {
      if (base >>> Integer.SIZE != 0) {
        throw EOVERFLOW.because("base 0x%x in an int", base);
      }
      return (int) base;
    }

    @Override
    public long learn(long base, int pasid) {
      return Integer.toUnsignedLong(pasid);
    }
  }

  /** {@code attribute}: a function that asks the table's owner. */
  record Attribute() implements PagetableBase {
    @Override
    public int pasid(long base) {
      return 0;
    }

    @Override
    public long attribute(long base, TaskAttribute which) {
      return switch (which) {
        case PAGETABLE_BASE -> base;
      };
    }

    @Override
    public long learn(long base, int pasid) {
      return attribute(base, TaskAttribute.PAGETABLE_BASE);
    }
  }
}
