package org.smmulator.report.explain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/** Numbers that one driver or its GPU alone knows; found as a service. */
public interface DriverWords {
  /** The classes that hold the driver's ioctls, each with what C puts before their names. */
  ImmutableMap<Class<?>, String> ioctls();

  /** The driver's name in commands: {@code msm}. */
  String driver();

  /** The reasons why its calls fail, call by call. */
  ImmutableList<DriverErrno> errnos();

  /** The driver's other kinds of numbers, each with who explains it. */
  ImmutableMap<String, Explainer> explainers();
}
