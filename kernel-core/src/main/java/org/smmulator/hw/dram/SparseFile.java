package org.smmulator.hw.dram;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A mapped file that takes no room until it is written to: a memfd where the JVM may call native
 * code, else a file that is unlinked as soon as it is mapped.
 */
// Why not Arena.allocate: it zero-fills, so a machine of 8 GiB would cost 8 GiB.
final class SparseFile {
  private SparseFile() {}

  static MemorySegment map(long sizeBytes, Arena arena) throws DramUnavailableException {
    Optional<MemorySegment> anonymous = mapMemfd(sizeBytes, arena);
    return anonymous.isPresent() ? anonymous.get() : mapUnlinked(sizeBytes, arena);
  }

  @SuppressWarnings("restricted") // only reached where the JVM was told that it may
  private static Optional<MemorySegment> mapMemfd(long sizeBytes, Arena arena) {
    if (!SparseFile.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> memfdCreate = linker.defaultLookup().find("memfd_create");
    Optional<MemorySegment> close = linker.defaultLookup().find("close");
    if (memfdCreate.isEmpty() || close.isEmpty()) {
      return Optional.empty();
    }
    try (Arena call = Arena.ofConfined()) {
      FunctionDescriptor createShape =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
      FunctionDescriptor closeShape =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      int fd =
          (int)
              linker
                  .downcallHandle(memfdCreate.get(), createShape)
                  .invokeExact(call.allocateFrom("smmulator-dram"), 0);
      if (fd < 0) {
        return Optional.empty();
      }
      try {
        return Optional.of(mapWhole(Path.of("/proc/self/fd/" + fd), sizeBytes, arena));
      } finally {
        int _ = (int) linker.downcallHandle(close.get(), closeShape).invokeExact(fd);
      }
    } catch (IOException e) {
      return Optional.empty(); // no /proc, or no room: the file below may still do
    } catch (Throwable e) {
      throw new IllegalStateException("memfd_create", e);
    }
  }

  private static MemorySegment mapUnlinked(long sizeBytes, Arena arena)
      throws DramUnavailableException {
    List<Path> places = List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")));
    for (Path place : places) {
      // Less room than the size and a late first touch would be a SIGBUS, not an exception.
      if (!Files.isDirectory(place) || place.toFile().getUsableSpace() < sizeBytes) {
        continue;
      }
      try {
        Path file = Files.createTempFile(place, "smmulator-dram", null);
        Files.delete(file);
        try (FileChannel channel =
            FileChannel.open(file, CREATE_NEW, SPARSE, READ, WRITE, DELETE_ON_CLOSE)) {
          return extendAndMap(channel, sizeBytes, arena);
        }
      } catch (IOException e) {
        throw new DramUnavailableException("cannot back the machine's memory in " + place, e);
      }
    }
    throw new DramUnavailableException(
        "no place with %d MiB of room for the machine's memory: looked in %s; set -Djava.io.tmpdir, or allow --enable-native-access"
            .formatted(sizeBytes >> 20, places));
  }

  private static MemorySegment mapWhole(Path file, long sizeBytes, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      return extendAndMap(channel, sizeBytes, arena);
    }
  }

  private static MemorySegment extendAndMap(FileChannel channel, long sizeBytes, Arena arena)
      throws IOException {
    channel.write(ByteBuffer.allocate(1), sizeBytes - 1);
    return channel.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
  }
}
