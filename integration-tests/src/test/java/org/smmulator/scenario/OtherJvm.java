package org.smmulator.scenario;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;

/** A JVM beside that of the tests, with the same class path. */
public final class OtherJvm {
  private OtherJvm() {}

  /** Returns the command that runs the class of that name there. */
  public static ImmutableList<String> command(
      List<String> options, String main, List<String> arguments) {
    return ImmutableList.<String>builder()
        .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .addAll(options)
        .add("-cp", System.getProperty("java.class.path"))
        .add(main)
        .addAll(arguments)
        .build();
  }
}
