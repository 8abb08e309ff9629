package org.smmulator.report.look;

import org.jspecify.annotations.Nullable;

/** Knows where devices find what a driver's steps have named; found as a service. */
@FunctionalInterface
public interface NamedAddress {
  /** The iova where {@code result} begins; null if it has none, or none yet. */
  @Nullable Long iovaOf(Object result);
}
