package org.smmulator.report.explain;

import com.google.common.collect.ImmutableMap;

/** Numbers that one driver or its GPU alone knows; found as a service. */
public interface DriverWords {
  /** The classes that hold the driver's ioctls, each with what C puts before their names. */
  ImmutableMap<Class<?>, String> ioctls();

  /** The driver's other kinds of numbers, each with who explains it. */
  ImmutableMap<String, Explainer> explainers();
}
