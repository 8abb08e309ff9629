package org.smmulator.report.trace;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The tracks of a trace, each declared when it is first used. */
final class PerfettoTracks implements AutoCloseable {
  private static final long NO_PARENT = 0;

  /** The uuids by what the tracks show. Looked up, never iterated. */
  private final Map<Object, Long> uuids = new HashMap<>();

  private final PerfettoPackets packets;

  /** A track among those of {@code parent}, of which there is one for each {@code lane}. */
  private record Child(long parent, String name, int lane) {}

  PerfettoTracks(PerfettoPackets packets) {
    this.packets = packets;
  }

  PerfettoPackets packets() {
    return packets;
  }

  /** The track of a process, by its pid. */
  long process(int pid, String name) throws IOException {
    Long known = uuids.get(pid);
    if (known != null) {
      return known;
    }
    long made = newUuid(pid);
    packets.process(made, pid, name);
    return made;
  }

  /** A track that other tracks are below. */
  long group(String name) throws IOException {
    return child(NO_PARENT, name, 0);
  }

  /**
   * The track {@code name} in {@code group}.
   *
   * @param lane tells tracks of one name apart, which are shown as lanes of one
   */
  long track(String group, String name, int lane) throws IOException {
    return child(group(group), name, lane);
  }

  private long child(long parent, String name, int lane) throws IOException {
    Child child = new Child(parent, name, lane);
    Long known = uuids.get(child);
    if (known != null) {
      return known;
    }
    long made = newUuid(child);
    packets.track(made, parent, name);
    return made;
  }

  /** The track of the numbers {@code name} in {@code group}. */
  long counter(String group, String name) throws IOException {
    Child child = new Child(group(group), name, -1);
    Long known = uuids.get(child);
    if (known != null) {
      return known;
    }
    long made = newUuid(child);
    packets.counter(made, child.parent(), name);
    return made;
  }

  private long newUuid(Object of) {
    long made = uuids.size() + 1L;
    uuids.put(of, made);
    return made;
  }

  @Override
  public void close() throws IOException {
    packets.close();
  }
}
