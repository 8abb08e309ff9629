package org.smmulator.script;

import com.google.common.collect.ImmutableList;

/**
 * The steps and expectations that one room adds to the language.
 *
 * <p>A room is found by its line in {@code META-INF/services/org.smmulator.script.Vocabulary}: the
 * language itself names no driver.
 */
public interface Vocabulary {
  /** The room's name, under which the reference lists it: {@code drm}. */
  String name();

  ImmutableList<StepType> steps();

  ImmutableList<ExpectationType> expectations();

  /** The kinds of faults that it adds. */
  default ImmutableList<FaultType> faults() {
    return ImmutableList.of();
  }
}
