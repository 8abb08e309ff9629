package org.smmulator.report.page;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** What stands in a page, read as a browser reads it. */
final class PageText {
  private static final Pattern DATA = Pattern.compile("id=\"data\">([A-Za-z0-9+/=]*)</script>");

  private final JsonNode head;
  private final ByteBuffer bytes;
  private final int start;

  PageText(String page) throws IOException {
    Matcher found = DATA.matcher(page);
    assertThat(found.find()).isTrue();
    byte[] packed = Base64.getDecoder().decode(found.group(1));
    bytes =
        ByteBuffer.wrap(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getInt(0);
    head = new JsonMapper().readTree(new String(bytes.array(), Integer.BYTES, length, UTF_8));
    start = (Integer.BYTES + length + 7) / 8 * 8;
  }

  JsonNode head() {
    return head;
  }

  /** The events of the run, or of the one with that number. */
  List<Event> events(int run) {
    int size = head.get("runs").get(run).get("size").asInt();
    return IntStream.range(0, size).mapToObj(at -> new Event(run, at)).toList();
  }

  private long numberAt(JsonNode place, int index) {
    int width = place.get(1).asInt();
    assertThat(index).isLessThan(place.get(2).asInt());
    int at = start + place.get(0).asInt() + index * width;
    return switch (width) {
      case Byte.BYTES -> Byte.toUnsignedLong(bytes.get(at));
      case Short.BYTES -> Short.toUnsignedLong(bytes.getShort(at));
      case Integer.BYTES -> Integer.toUnsignedLong(bytes.getInt(at));
      default -> bytes.getLong(at);
    };
  }

  /** An event. */
  final class Event {
    private final JsonNode run;
    private final int at;

    private Event(int run, int at) {
      this.run = head.get("runs").get(run);
      this.at = at;
    }

    long number(String column) {
      return numberAt(run.get("columns").get(column), at);
    }

    String text(String column) {
      return run.get("texts").get((int) number(column)).asText();
    }

    String words() {
      JsonNode phrase = run.get("phrases").get((int) number("words"));
      StringBuilder words = new StringBuilder(phrase.get(0).asText());
      for (int i = 1; i < phrase.size(); i++) {
        int number = (int) numberAt(run.get("numbers"), (int) number("numbers") + i - 1);
        words.append(run.get("texts").get(number).asText()).append(phrase.get(i).asText());
      }
      return words.toString();
    }

    /** The entries of the walk, without where they lie and how they are read. */
    List<Long> walk() {
      List<Long> entries = new ArrayList<>();
      for (int i = 0; i < number("levels"); i++) {
        entries.add(numberAt(run.get("entries"), (int) number("entries") + 3 * i));
      }
      return entries;
    }
  }
}
