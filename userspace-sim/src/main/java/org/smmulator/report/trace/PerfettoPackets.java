package org.smmulator.report.trace;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Perfetto's {@code TracePacket}s, which are a {@code Trace} one after the other. It
 * keeps none of them.
 *
 * <p>Source: {@code protos/perfetto/trace/trace_packet.proto}, {@code track_event.proto}, {@code
 * track_descriptor.proto}, {@code process_descriptor.proto}, {@code counter_descriptor.proto} and
 * {@code debug_annotation.proto} of Perfetto; the numbers of their fields are the constants below.
 */
// The fields are written by number: the messages are few, and classes made from all of Perfetto's
// protos would be a hundred times this file.
final class PerfettoPackets implements AutoCloseable {
  private static final int TRACE_PACKET = 1;

  private static final int PACKET_TIMESTAMP = 8;
  private static final int PACKET_SEQUENCE_ID = 10;
  private static final int PACKET_TRACK_EVENT = 11;
  private static final int PACKET_SEQUENCE_FLAGS = 13;
  private static final int PACKET_TRACK_DESCRIPTOR = 60;
  private static final int SEQ_INCREMENTAL_STATE_CLEARED = 1;

  private static final int TRACK_UUID = 1;
  private static final int TRACK_NAME = 2;
  private static final int TRACK_PROCESS = 3;
  private static final int TRACK_PARENT_UUID = 5;
  private static final int TRACK_COUNTER = 8;
  private static final int PROCESS_PID = 1;
  private static final int PROCESS_NAME = 6;
  private static final int COUNTER_UNIT = 3;
  private static final int UNIT_COUNT = 2;

  private static final int EVENT_DEBUG_ANNOTATIONS = 4;
  private static final int EVENT_TYPE = 9;
  private static final int EVENT_TRACK_UUID = 11;
  private static final int EVENT_CATEGORIES = 22;
  private static final int EVENT_NAME = 23;
  private static final int EVENT_COUNTER_VALUE = 30;
  private static final int EVENT_FLOW_IDS = 47;
  private static final int EVENT_TERMINATING_FLOW_IDS = 48;
  private static final int ANNOTATION_STRING_VALUE = 6;
  private static final int ANNOTATION_NAME = 10;

  private static final int TYPE_SLICE_BEGIN = 1;
  private static final int TYPE_SLICE_END = 2;
  private static final int TYPE_INSTANT = 3;
  private static final int TYPE_COUNTER = 4;

  private static final int SEQUENCE = 1;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MESSAGE_BYTES = 1 << 10;

  /** An arrow through several events, such as a job from its submit to its fence. */
  sealed interface Flow {
    /** The event is on the way of the flow. */
    record Through(long id) implements Flow {}

    /** The event is the flow's last. */
    record Ends(long id) implements Flow {}
  }

  /** A message that is being put together, to be written with its length before it. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(MESSAGE_BYTES);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, MESSAGE_BYTES);

    CodedOutputStream begin() {
      bytes.reset();
      return out;
    }

    void writeTo(CodedOutputStream parent, int field) throws IOException {
      out.flush();
      parent.writeByteArray(field, bytes.toByteArray());
    }
  }

  private final OutputStream file;
  private final CodedOutputStream out;
  private final Message packet = new Message();
  private final Message body = new Message();
  private final Message part = new Message();
  private boolean begun;

  PerfettoPackets(OutputStream file) {
    this.file = file;
    out = CodedOutputStream.newInstance(file, BUFFER_BYTES);
  }

  /** Declares the track of a process. */
  void process(long uuid, int pid, String name) throws IOException {
    CodedOutputStream process = part.begin();
    process.writeInt32(PROCESS_PID, pid);
    process.writeString(PROCESS_NAME, name);
    CodedOutputStream track = body.begin();
    track.writeUInt64(TRACK_UUID, uuid);
    part.writeTo(track, TRACK_PROCESS);
    descriptor();
  }

  /**
   * Declares a track.
   *
   * @param parent 0 if it has none
   */
  void track(long uuid, long parent, String name) throws IOException {
    beginTrack(uuid, parent, name);
    descriptor();
  }

  /** Declares a track of numbers. */
  void counter(long uuid, long parent, String name) throws IOException {
    part.begin().writeEnum(COUNTER_UNIT, UNIT_COUNT);
    part.writeTo(beginTrack(uuid, parent, name), TRACK_COUNTER);
    descriptor();
  }

  private CodedOutputStream beginTrack(long uuid, long parent, String name) throws IOException {
    CodedOutputStream track = body.begin();
    track.writeUInt64(TRACK_UUID, uuid);
    track.writeString(TRACK_NAME, name);
    if (parent != 0) {
      track.writeUInt64(TRACK_PARENT_UUID, parent);
    }
    return track;
  }

  private void descriptor() throws IOException {
    write(-1, PACKET_TRACK_DESCRIPTOR);
  }

  /** A stretch of time begins, within those of its track that have not ended. */
  void begins(long timeNs, long track, String category, String name, @Nullable Flow flow)
      throws IOException {
    beginEvent(TYPE_SLICE_BEGIN, track, category, name);
    writeFlow(flow);
    write(timeNs, PACKET_TRACK_EVENT);
  }

  /** The last stretch that began ends. */
  void ends(long timeNs, long track) throws IOException {
    CodedOutputStream event = body.begin();
    event.writeEnum(EVENT_TYPE, TYPE_SLICE_END);
    event.writeUInt64(EVENT_TRACK_UUID, track);
    write(timeNs, PACKET_TRACK_EVENT);
  }

  /**
   * Something happens that takes no time.
   *
   * @param text more of it, for people
   */
  void instant(
      long timeNs, long track, String category, String name, String text, @Nullable Flow flow)
      throws IOException {
    beginEvent(TYPE_INSTANT, track, category, name);
    CodedOutputStream annotation = part.begin();
    annotation.writeString(ANNOTATION_STRING_VALUE, text);
    annotation.writeString(ANNOTATION_NAME, "text");
    part.writeTo(body.out, EVENT_DEBUG_ANNOTATIONS);
    writeFlow(flow);
    write(timeNs, PACKET_TRACK_EVENT);
  }

  /** A counter has a value from now on. */
  void value(long timeNs, long track, long value) throws IOException {
    CodedOutputStream event = body.begin();
    event.writeEnum(EVENT_TYPE, TYPE_COUNTER);
    event.writeUInt64(EVENT_TRACK_UUID, track);
    event.writeInt64(EVENT_COUNTER_VALUE, value);
    write(timeNs, PACKET_TRACK_EVENT);
  }

  private void beginEvent(int type, long track, String category, String name) throws IOException {
    CodedOutputStream event = body.begin();
    event.writeEnum(EVENT_TYPE, type);
    event.writeUInt64(EVENT_TRACK_UUID, track);
    event.writeString(EVENT_CATEGORIES, category);
    event.writeString(EVENT_NAME, name);
  }

  private void writeFlow(@Nullable Flow flow) throws IOException {
    switch (flow) {
      case null -> {}
      case Flow.Through through -> body.out.writeFixed64(EVENT_FLOW_IDS, through.id());
      case Flow.Ends ends -> body.out.writeFixed64(EVENT_TERMINATING_FLOW_IDS, ends.id());
    }
  }

  /** Writes the body as {@code field} of a packet; without a time if that is negative. */
  private void write(long timeNs, int field) throws IOException {
    CodedOutputStream open = packet.begin();
    if (timeNs >= 0) {
      open.writeUInt64(PACKET_TIMESTAMP, timeNs);
    }
    open.writeUInt32(PACKET_SEQUENCE_ID, SEQUENCE);
    if (!begun) {
      begun = true;
      open.writeUInt32(PACKET_SEQUENCE_FLAGS, SEQ_INCREMENTAL_STATE_CLEARED);
    }
    body.writeTo(open, field);
    packet.writeTo(out, TRACE_PACKET);
  }

  @Override
  public void close() throws IOException {
    try (file) {
      out.flush();
    }
  }
}
