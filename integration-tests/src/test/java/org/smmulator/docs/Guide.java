package org.smmulator.docs;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A guide's blocks of code, in the order in which a reader meets them. */
record Guide(ImmutableList<Block> blocks) {
  private static final String FENCE = "```";

  /**
   * The text that stands between two fences.
   *
   * @param line of the first fence, from 1
   */
  record Block(String language, String text, int line) {
    /** The name of the file that it is, from the comment in its first line. */
    String file() {
      return text.substring(0, text.indexOf('\n')).replaceFirst("^(#|//) ", "");
    }
  }

  static Guide read(Path file) throws IOException {
    ImmutableList.Builder<Block> blocks = ImmutableList.builder();
    List<String> inside = new ArrayList<>();
    @Nullable String language = null;
    int line = 0;
    for (String each : Files.readAllLines(file)) {
      line++;
      if (!each.startsWith(FENCE)) {
        inside.add(each);
      } else if (language == null) {
        language = each.substring(FENCE.length());
        inside.clear();
      } else {
        String text = String.join("\n", inside) + "\n";
        blocks.add(new Block(language, text, line - inside.size() - 1));
        language = null;
      }
    }
    return new Guide(blocks.build());
  }
}
