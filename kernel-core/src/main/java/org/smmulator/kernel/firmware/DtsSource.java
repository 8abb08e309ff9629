package org.smmulator.kernel.firmware;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The characters of a tree's source, with comments skipped and included files in their place.
 *
 * <p>Knows where it is, for messages: in the file that it reads, or, after a preprocessor's line
 * marker, in the file that the marker names.
 */
final class DtsSource {
  private static final int INCLUDE_DEPTH = 32;
  private static final int INCLUDE_COUNT = 1_000;

  /** A line marker as the C preprocessor leaves it: {@code # 12 "soc.dtsi" 2}. */
  private static final Pattern MARKER =
      Pattern.compile("#(?:line)?[ \\t]+([0-9]{1,9})[ \\t]+\"([^\"\\n]*)\"[^\\n]*");

  private static final class File {
    final String text;
    String name;
    int at;

    /** Of the line that {@code scanned} is in: its number for messages, and where it starts. */
    int line = 1;

    int lineStart;
    int scanned;

    File(String name, String text) {
      this.name = name;
      this.text = text;
    }

    Place place() {
      for (; scanned < at; scanned++) {
        if (text.charAt(scanned) == '\n') {
          line++;
          lineStart = scanned + 1;
        }
      }
      return Place.inSource(name, line, at - lineStart + 1);
    }
  }

  private final ArrayDeque<File> open = new ArrayDeque<>();
  private final Function<String, Optional<String>> includes;
  private int includeCount;

  DtsSource(String name, String text, Function<String, Optional<String>> includes) {
    this.includes = includes;
    open.push(new File(name, text));
  }

  /** The place of the next character. */
  Place place() {
    return open.element().place();
  }

  /** The next character that matters, after space, comments and includes; 0 at the end. */
  char peek() {
    while (true) {
      File file = open.element();
      skipSpace(file);
      if (file.at < file.text.length()) {
        if (!marker(file) && !include(file)) {
          return file.text.charAt(file.at);
        }
      } else if (open.size() > 1) {
        open.pop();
      } else {
        return 0;
      }
    }
  }

  /** Takes the next character as it is. */
  char take() {
    File file = open.element();
    if (file.at >= file.text.length()) {
      throw error("the file ends in the middle of something; a '}', ';' or '\"' is missing");
    }
    return file.text.charAt(file.at++);
  }

  /** The character right here, space and all; 0 at the end of the file. */
  char here() {
    File file = open.element();
    return file.at < file.text.length() ? file.text.charAt(file.at) : 0;
  }

  /** Tells whether a label comes next, and its colon. */
  boolean isLabelNext() {
    char first = peek();
    if (first == 0 || !isLabelCharacter(first) || Character.isDigit(first)) {
      return false;
    }
    File file = open.element();
    int end = file.at;
    while (end < file.text.length() && isLabelCharacter(file.text.charAt(end))) {
      end++;
    }
    return file.text.startsWith(":", end);
  }

  static boolean isLabelCharacter(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /** Takes {@code word} if it comes next. */
  boolean accept(String word) {
    char _ = peek();
    File file = open.element();
    if (!file.text.startsWith(word, file.at)) {
      return false;
    }
    file.at += word.length();
    return true;
  }

  /** Takes {@code word} if it comes next, and nothing that {@code longer} lists begins here. */
  boolean acceptBut(String word, String... longer) {
    char _ = peek();
    File file = open.element();
    for (String other : longer) {
      if (file.text.startsWith(other, file.at)) {
        return false;
      }
    }
    return accept(word);
  }

  /** Takes {@code word}, which must come next. */
  void expect(String word, String context) {
    if (!accept(word)) {
      throw error("expected '%s' %s, found %s".formatted(word, context, found()));
    }
  }

  DeviceTreeException error(String message) {
    return new DeviceTreeException(place(), message);
  }

  String found() {
    char next = peek();
    return next == 0 ? "the end of the file" : "'" + next + "'";
  }

  private static void skipSpace(File file) {
    while (file.at < file.text.length()) {
      if (Character.isWhitespace(file.text.charAt(file.at))) {
        file.at++;
      } else if (file.text.startsWith("//", file.at)) {
        int end = file.text.indexOf('\n', file.at);
        file.at = end < 0 ? file.text.length() : end;
      } else if (file.text.startsWith("/*", file.at)) {
        int end = file.text.indexOf("*/", file.at + 2);
        if (end < 0) {
          throw new DeviceTreeException(
              file.place(), "this comment is not closed; a '*/' is missing");
        }
        file.at = end + 2;
      } else {
        return;
      }
    }
  }

  /** Takes a line marker, if one is here: the next line is said to be another file's. */
  private static boolean marker(File file) {
    boolean lineStart = file.at == 0 || file.text.charAt(file.at - 1) == '\n';
    if (!lineStart || file.text.charAt(file.at) != '#') {
      return false;
    }
    Matcher marker = MARKER.matcher(file.text).region(file.at, file.text.length());
    if (!marker.lookingAt()) {
      return false;
    }
    file.at = marker.end();
    Place _ = file.place();
    file.name = marker.group(2);
    file.line = Integer.parseInt(marker.group(1)) - 1;
    return true;
  }

  private boolean include(File file) {
    String directive = "";
    for (String candidate : new String[] {"/include/", "#include"}) {
      if (file.text.startsWith(candidate, file.at)) {
        directive = candidate;
      }
    }
    if (directive.isEmpty()) {
      return false;
    }
    Place place = place();
    int quote = file.text.indexOf('"', file.at);
    int close = file.text.indexOf('"', quote + 1);
    int lineEnd = file.text.indexOf('\n', file.at);
    if (quote < 0 || close < 0 || (lineEnd >= 0 && close > lineEnd)) {
      throw new DeviceTreeException(
          place,
          "expected a file name in quotes after %s; what needs the C preprocessor goes through it first"
              .formatted(directive));
    }
    String name = file.text.substring(quote + 1, close);
    file.at = close + 1;
    if (open.size() >= INCLUDE_DEPTH || ++includeCount > INCLUDE_COUNT) {
      throw new DeviceTreeException(place, "%s: includes nest too deep".formatted(name));
    }
    String text =
        includes
            .apply(name)
            .orElseThrow(() ->
                new DeviceTreeException(
                    place, "there is no file '%s' beside this one".formatted(name)));
    open.push(new File(name, text));
    return true;
  }
}
