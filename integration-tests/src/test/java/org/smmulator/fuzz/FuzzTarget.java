package org.smmulator.fuzz;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.input.BadInputException;

/** A reader of foreign bytes, and the folder of its inputs. */
enum FuzzTarget {
  SCENARIO(ScenarioFuzz.class, ScenarioFuzz::fuzzerTestOneInput, "script", "userspace"),
  DEVICE_TREE(
      DeviceTreeFuzz.class,
      DeviceTreeFuzz::fuzzerTestOneInput,
      "kernel.firmware",
      "kernel.device",
      "machine.silicon",
      "iommu",
      "engines"),
  IOCTL(IoctlFuzz.class, IoctlFuzz::fuzzerTestOneInput, "drm", "dmabuf", "kernel.fs", "kernel.mm"),
  COMMAND_STREAM(
      CommandStreamFuzz.class,
      CommandStreamFuzz::fuzzerTestOneInput,
      "hw.adreno",
      "hw.smmuv2",
      "drm.msm");

  private static final DeviceTree DB845C = load("db845c");

  /** The board that most targets boot once an input; it is read once. */
  static DeviceTree db845c() {
    return DB845C;
  }

  private static DeviceTree load(String board) {
    try {
      return new Boards().load(board);
    } catch (BadInputException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads one input. */
  @Immutable
  interface Reader {
    void read(byte[] data) throws Exception;
  }

  private final Class<?> type;
  private final Reader reader;
  private final ImmutableList<String> rooms;

  FuzzTarget(Class<?> type, Reader reader, String... rooms) {
    this.type = type;
    this.reader = reader;
    this.rooms = ImmutableList.copyOf(rooms);
  }

  /** The class with the method that Jazzer calls. */
  String className() {
    return type.getName();
  }

  /** The packages in whose branches new ways count, as Jazzer has them listed. */
  String covered() {
    return rooms.stream()
        .map(room -> "org.smmulator." + room + ".**")
        .collect(joining(File.pathSeparator));
  }

  Reader reader() {
    return reader;
  }

  /** The folder of the inputs that are kept, below {@code all}. */
  Path corpus(Path all) {
    return all.resolve(type.getSimpleName());
  }

  /** The inputs that are kept below {@code all}, sorted by name. */
  ImmutableList<Path> inputs(Path all) throws IOException {
    try (Stream<Path> files = Files.list(corpus(all))) {
      return files.sorted().collect(toImmutableList());
    }
  }
}
