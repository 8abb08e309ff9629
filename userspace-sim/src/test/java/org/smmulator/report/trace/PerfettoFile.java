package org.smmulator.report.trace;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A trace, read with the messages that Perfetto publishes, as a list of events on named tracks. */
final class PerfettoFile {
  private final ImmutableList.Builder<Event> events = ImmutableList.builder();
  private final Map<Long, String> tracks = new HashMap<>();

  /**
   * One event.
   *
   * @param track the names from the outermost track inwards
   * @param flows the flows that it is on
   * @param ended the flows that end at it
   */
  record Event(
      long timeNs,
      String track,
      String type,
      String name,
      long value,
      List<Long> flows,
      List<Long> ended) {}

  static ImmutableList<Event> read(Path path) throws Exception {
    PerfettoFile file = new PerfettoFile();
    DynamicMessage trace = DynamicMessage.parseFrom(published(), Files.readAllBytes(path));
    for (Message packet : messages(trace, "packet")) {
      file.read(packet);
    }
    return file.events.build();
  }

  private static Descriptor published() throws Exception {
    try (InputStream stream =
        requireNonNull(PerfettoFile.class.getResourceAsStream("perfetto.desc"))) {
      FileDescriptorSet set = FileDescriptorSet.parseFrom(stream);
      FileDescriptor file = FileDescriptor.buildFrom(set.getFile(0), new FileDescriptor[0]);
      return requireNonNull(file.findMessageTypeByName("Trace"));
    }
  }

  private void read(Message packet) {
    assertKnown(packet);
    if (has(packet, "track_descriptor")) {
      Message track = (Message) get(packet, "track_descriptor");
      String name =
          has(track, "process")
              ? (String) get((Message) get(track, "process"), "process_name")
              : (String) get(track, "name");
      String parent = tracks.get((Long) get(track, "parent_uuid"));
      tracks.put((Long) get(track, "uuid"), parent == null ? name : parent + "/" + name);
      return;
    }
    Message event = (Message) get(packet, "track_event");
    long track = (Long) get(event, "track_uuid");
    assertThat(tracks).containsKey(track);
    events.add(
        new Event(
            (Long) get(packet, "timestamp"),
            requireNonNull(tracks.get(track)),
            ((EnumValueDescriptor) get(event, "type")).getName(),
            (String) get(event, "name"),
            (Long) get(event, "counter_value"),
            longs(event, "flow_ids"),
            longs(event, "terminating_flow_ids")));
  }

  /** A field that Perfetto does not know would be lost in silence. */
  private static void assertKnown(Message message) {
    assertThat(message.getUnknownFields().asMap()).isEmpty();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            (field.isRepeated() ? (List<?>) value : List.of(value))
                .forEach(inner -> assertKnown((Message) inner));
          }
        });
  }

  private static boolean has(Message message, String field) {
    return message.hasField(field(message, field));
  }

  private static Object get(Message message, String field) {
    return message.getField(field(message, field));
  }

  private static List<Message> messages(Message message, String field) {
    return ((List<?>) get(message, field)).stream().map(Message.class::cast).toList();
  }

  private static List<Long> longs(Message message, String field) {
    return ((List<?>) get(message, field)).stream().map(Long.class::cast).toList();
  }

  private static FieldDescriptor field(Message message, String name) {
    return requireNonNull(message.getDescriptorForType().findFieldByName(name));
  }
}
