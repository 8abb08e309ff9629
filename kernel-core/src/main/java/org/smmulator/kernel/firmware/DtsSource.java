package org.smmulator.kernel.firmware;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;

/**
 * The characters of a tree's source, with comments skipped and included files in their place.
 *
 * <p>Knows where it is, for messages.
 */
final class DtsSource {
  private static final int INCLUDE_LIMIT = 32;

  private static final class File {
    final String name;
    final String text;
    int at;

    File(String name, String text) {
      this.name = name;
      this.text = text;
    }
  }

  private final ArrayDeque<File> open = new ArrayDeque<>();
  private final Function<String, Optional<String>> includes;

  DtsSource(String name, String text, Function<String, Optional<String>> includes) {
    this.includes = includes;
    open.push(new File(name, text));
  }

  Place place() {
    File file = open.element();
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(file.at, file.text.length()); i++) {
      if (file.text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place(file.name, line, file.at - lineStart + 1);
  }

  /** The next character that matters, after space, comments and includes; 0 at the end. */
  char peek() {
    while (true) {
      File file = open.element();
      skipSpace(file);
      if (file.at < file.text.length()) {
        if (!include(file)) {
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
        file.at = end < 0 ? file.text.length() : end + 2;
      } else {
        return;
      }
    }
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
    int open1 = file.text.indexOf('"', file.at);
    int close = file.text.indexOf('"', open1 + 1);
    int lineEnd = file.text.indexOf('\n', file.at);
    if (open1 < 0 || close < 0 || (lineEnd >= 0 && close > lineEnd)) {
      throw new DeviceTreeException(place, "expected a file name in quotes after " + directive);
    }
    String name = file.text.substring(open1 + 1, close);
    file.at = close + 1;
    if (open.size() >= INCLUDE_LIMIT) {
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
