package org.smmulator.story;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.smmulator.machine.faults.Fault;

/** A scenario that is written in Java. Its class has a constructor without parameters. */
public interface Story {
  /** Bytes of a kibibyte. */
  long KIB = 1024;

  /** Returns its title, one line. */
  String about();

  /** Returns the board that it is told on: a name, or the path of a device tree. */
  default String board() {
    return "db845c";
  }

  /** Returns switches of the machine, as {@code --set} takes them. */
  default ImmutableMap<String, String> settings() {
    return ImmutableMap.of();
  }

  /** Returns what goes wrong in the machine. */
  default ImmutableList<Fault> faults() {
    return ImmutableList.of();
  }

  /**
   * Tells it. What it throws fails the run.
   *
   * @param machine has booted
   */
  void tell(StoryMachine machine) throws Exception;
}
