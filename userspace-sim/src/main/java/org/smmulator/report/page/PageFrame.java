package org.smmulator.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part that is the same in every page: elements, style, and the script that shows its data. */
final class PageFrame {
  private static final Pattern HOLE = Pattern.compile("@([a-z.]+)@");
  private static final String DATA = "data";

  private PageFrame() {}

  /** Writes a page that shows {@code data}. Nothing of the run stands in it but encoded. */
  static void write(Path path, PageData data) throws IOException {
    String encoded = data.encoded();
    StringBuilder page = new StringBuilder();
    Matcher holes = HOLE.matcher(resource("page.html"));
    while (holes.find()) {
      holes.appendReplacement(page, Matcher.quoteReplacement(filling(holes, encoded)));
    }
    holes.appendTail(page);
    Files.writeString(path, page, UTF_8);
  }

  /** A hole is filled once, and what fills it is not looked at again. */
  private static String filling(MatchResult hole, String encoded) throws IOException {
    return hole.group(1).equals(DATA) ? encoded : resource(hole.group(1));
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = requireNonNull(PageFrame.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
