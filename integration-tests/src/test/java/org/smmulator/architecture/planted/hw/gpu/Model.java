package org.smmulator.architecture.planted.hw.gpu;

import org.smmulator.architecture.planted.kernel.Driver;

/** A model that calls its driver. */
public final class Model {
  /** Software's object in silicon's hands. */
  public String name(Driver driver) {
    return "model of " + driver.hashCode();
  }
}
