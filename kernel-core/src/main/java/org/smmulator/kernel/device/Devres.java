package org.smmulator.kernel.device;

import java.util.ArrayDeque;

/**
 * The resources that a driver acquired for a device: released, last in first out, when its probe
 * fails or it is unbound.
 *
 * <p>Kernel: {@code devm_add_action()} and {@code devres_release_all()}. A driver writes no unwind
 * ladder and no {@code remove()}.
 */
public final class Devres {
  private record Resource(String what, Runnable release) {
    @Override
    public String toString() {
      return what;
    }
  }

  private final ArrayDeque<Resource> resources = new ArrayDeque<>();

  /**
   * Has {@code release} called when the driver lets go.
   *
   * @param what for people: {@code disable smmu}
   */
  public void add(String what, Runnable release) {
    resources.addLast(new Resource(what, release));
  }

  /** Releases everything, last in first out. Kernel: {@code devres_release_all()}. */
  public void releaseAll() {
    while (!resources.isEmpty()) {
      resources.removeLast().release().run();
    }
  }

  @Override
  public String toString() {
    return resources.toString();
  }
}
