package org.smmulator.machine.isolation;

import org.smmulator.kernel.task.Task;

/**
 * A process, or a device under its table, that got at the private memory of another.
 *
 * @param by whose table led there
 * @param of whose memory it is
 * @param what what was done: {@code writes by iova 0x1000 through 5040000.iommu to pa 0x80001000}
 */
public record Trespass(Task by, Task of, String what) {
  @Override
  public String toString() {
    return "%s %s of %s".formatted(by, what, of);
  }
}
