package org.smmulator.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/**
 * The runs that a page is made from, in the form in which they lie in the file: Base64 of gzip of
 * the length of a JSON object (32 bits), that object, and columns of numbers. All is little-endian,
 * and each part begins at a multiple of eight bytes, as typed arrays of JavaScript must.
 *
 * <p>In this form no text can be taken for a part of the page.
 */
final class PageData {
  private final ObjectNode head = JsonNodeFactory.instance.objectNode();
  private final ByteArrayOutputStream columns = new ByteArrayOutputStream();

  /** The JSON object. Numbers that it says of places count from the end of itself. */
  ObjectNode head() {
    return head;
  }

  /**
   * Adds the first {@code count} of {@code values}.
   *
   * @return where they are: offset, bytes of each, count
   */
  ArrayNode place(NumberColumn values, int count) {
    int width = values.width();
    ArrayNode place =
        JsonNodeFactory.instance.arrayNode().add(columns.size()).add(width).add(count);
    ByteBuffer bytes = ByteBuffer.allocate(aligned(count * width)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      long value = values.get(i);
      switch (width) {
        case Byte.BYTES -> bytes.put((byte) value);
        case Short.BYTES -> bytes.putShort((short) value);
        case Integer.BYTES -> bytes.putInt((int) value);
        default -> bytes.putLong(value);
      }
    }
    columns.writeBytes(bytes.array());
    return place;
  }

  /** Returns the text for the page. */
  String encoded() throws IOException {
    byte[] object = bytesOf(head);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      int beforeColumns = aligned(Integer.BYTES + object.length);
      ByteBuffer first = ByteBuffer.allocate(beforeColumns).order(ByteOrder.LITTLE_ENDIAN);
      out.write(first.putInt(object.length).put(object).array());
      columns.writeTo(out);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  /** Half of a surrogate pair has no bytes in UTF-8 and becomes a question mark. */
  private static byte[] bytesOf(ObjectNode object) throws JsonProcessingException {
    return new JsonMapper().writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
  }

  private static int aligned(int bytes) {
    return bytes + Long.BYTES - 1 & -Long.BYTES;
  }
}
