package org.smmulator.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smmulator.iommu.pgtable.PgtableField;
import org.smmulator.iommu.pgtable.PgtableWalk;

/**
 * Events by columns of numbers, which a browser takes as they are instead of parsing them.
 *
 * <p>A text is the index of the first one like it. Of an event's words the numbers are taken out,
 * and what is left is such a text: a run says the same few things of many addresses.
 */
final class EventTable {
  /** Each is a thing that an event may have; 0 where it has none. */
  enum Column {
    TIME,
    KIND,
    WHO,
    NAME,
    WORDS,
    /** The first of the numbers of its words. */
    NUMBERS,
    IOVA,
    PA,
    /** Of a pagetable. */
    BASE,
    SIZE,
    IOMMU,
    /** Of a bank, a stream, or a space of a TLB. */
    NUMBER,
    SHIFT,
    JOB,
    RING,
    LINE,
    /** The first of the entries of its walk. */
    ENTRIES,
    LEVELS;

    private String nameInPage() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|[0-9]+");

  private final Map<Column, NumberColumn> columns = new EnumMap<>(Column.class);
  private final NumberColumn numbers = new NumberColumn();
  private final NumberColumn entries = new NumberColumn();
  private final Map<String, Integer> texts = new HashMap<>();
  private final List<String> textsInOrder = new ArrayList<>(List.of(""));
  private final Map<List<String>, Integer> phrases = new HashMap<>();
  private final List<List<String>> phrasesInOrder = new ArrayList<>(List.of(List.of()));
  private int size;

  /** Begins an event: what is put from now on is its. */
  EventTable event(long timeNs, String kind) {
    size++;
    return put(Column.TIME, timeNs).put(Column.KIND, kind);
  }

  EventTable put(Column column, long value) {
    columnOf(column).set(size - 1, value);
    return this;
  }

  EventTable put(Column column, String text) {
    return put(column, indexOf(text));
  }

  /** Tells the event in words. */
  EventTable words(String text) {
    ImmutableList.Builder<String> phrase = ImmutableList.builder();
    put(Column.NUMBERS, numbers.size());
    Matcher found = NUMBER.matcher(text);
    int from = 0;
    while (found.find()) {
      phrase.add(text.substring(from, found.start()));
      numbers.add(indexOf(found.group()));
      from = found.end();
    }
    List<String> whole = phrase.add(text.substring(from)).build();
    Integer known = phrases.get(whole);
    if (known == null) {
      known = phrasesInOrder.size();
      phrasesInOrder.add(whole);
      phrases.put(whole, known);
    }
    return put(Column.WORDS, known);
  }

  /** Adds what a walk to the event's iova meets, from the root on: of each entry three numbers. */
  void walk(PgtableWalk walk) {
    put(Column.ENTRIES, entries.size()).put(Column.LEVELS, walk.steps().size());
    for (PgtableWalk.Step step : walk.steps()) {
      PgtableWalk.Index index = step.index();
      entries.add(step.bits());
      entries.add(
          step.level() | index.shift() << 8 | step.entryBits() << 16 | (long) index.value() << 24);
      entries.add(indexOf(layoutOf(step)));
    }
  }

  /** The names and places of the fields of an entry; their values are in its bits. */
  private static String layoutOf(PgtableWalk.Step step) {
    StringJoiner layout = new StringJoiner(" ");
    for (PgtableField field : step.fields()) {
      layout.add(field.name() + ":" + field.high() + ":" + field.low());
    }
    return layout.toString();
  }

  /** Writes the numbers into {@code data}, and into {@code head} where they are and the texts. */
  void writeTo(PageData data, ObjectNode head) {
    head.put("size", size);
    ObjectNode places = head.putObject("columns");
    for (Column column : Column.values()) {
      places.set(column.nameInPage(), data.place(columnOf(column), size));
    }
    head.set("numbers", data.place(numbers, numbers.size()));
    head.set("entries", data.place(entries, entries.size()));
    ArrayNode texts = head.putArray("texts");
    textsInOrder.forEach(texts::add);
    ArrayNode phrases = head.putArray("phrases");
    for (List<String> phrase : phrasesInOrder) {
      ArrayNode parts = phrases.addArray();
      phrase.forEach(parts::add);
    }
  }

  private NumberColumn columnOf(Column column) {
    return columns.computeIfAbsent(column, _ -> new NumberColumn());
  }

  private int indexOf(String text) {
    Integer known = texts.get(text);
    if (known == null) {
      known = textsInOrder.size();
      textsInOrder.add(text);
      texts.put(text, known);
    }
    return known;
  }
}
