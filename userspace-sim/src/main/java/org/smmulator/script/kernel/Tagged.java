package org.smmulator.script.kernel;

/** An address space whose transactions carry a tag. */
@FunctionalInterface
public interface Tagged {
  /** The PASID. */
  int pasid();
}
