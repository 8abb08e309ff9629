package org.smmulator.drm.msm.coredump;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dump as a tool reads it: sections of the outermost level, in each entries that begin with a
 * dash, and ascii85 decoded.
 */
public final class DevcoreFile {
  /** One entry of a section: its lines by key, and its data. */
  public static final class Entry {
    public final Map<String, String> fields = new LinkedHashMap<>();
    public int[] data = {};
  }

  /** Values that stand on the section's own line. */
  public final Map<String, String> values = new LinkedHashMap<>();

  /** Entries by section; fields of a section without dashes are one entry. */
  public final Map<String, List<Entry>> sections = new LinkedHashMap<>();

  /** Every key of the outermost level in order. */
  public final List<String> keys = new ArrayList<>();

  private List<Entry> current = new ArrayList<>();

  private DevcoreFile() {}

  /** Parses a dump. */
  public static DevcoreFile parse(String text) {
    DevcoreFile file = new DevcoreFile();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.equals("---")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        file.outer(line);
      } else if (line.endsWith("data: !!ascii85 |")) {
        i++;
        file.entry().data = decode(lines.get(i).strip());
      } else {
        file.inner(line.strip());
      }
    }
    return file;
  }

  private void outer(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a line without a key: " + line);
    }
    String key = line.substring(0, colon);
    keys.add(key);
    String value = line.substring(colon + 1).strip();
    if (value.isEmpty()) {
      current = new ArrayList<>();
      sections.put(key, current);
    } else {
      values.put(key, value);
    }
  }

  private void inner(String line) {
    String rest = line;
    if (rest.startsWith("- ")) {
      current.add(new Entry());
      rest = rest.substring(2);
    }
    int separator = rest.startsWith("{") ? -1 : rest.indexOf(rest.contains(":") ? ':' : '=');
    if (separator < 0) {
      entry().fields.put("register", rest);
    } else {
      entry().fields.put(rest.substring(0, separator), rest.substring(separator + 1).strip());
    }
  }

  private Entry entry() {
    if (current.isEmpty()) {
      current.add(new Entry());
    }
    return current.getLast();
  }

  /** Decodes dwords: Kernel: {@code include/linux/ascii85.h} the other way round. */
  public static int[] decode(String text) {
    List<Integer> dwords = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) == 'z') {
        dwords.add(0);
        i++;
        continue;
      }
      long value = 0;
      for (int digit = 0; digit < 5; digit++) {
        value = value * 85 + text.charAt(i + digit) - '!';
      }
      dwords.add((int) value);
      i += 5;
    }
    return dwords.stream().mapToInt(Integer::intValue).toArray();
  }
}
