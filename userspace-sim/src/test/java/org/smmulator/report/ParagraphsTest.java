package org.smmulator.report;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Lines break between words where there is a narrow terminal, and nowhere else. */
class ParagraphsTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog";

  @Test
  void withoutATerminalALineIsALine() {
    assertThat(printed(0, 2, TEXT)).isEqualTo("  " + TEXT + "\n");
    assertThat(printed(80, 2, TEXT)).isEqualTo("  " + TEXT + "\n");
  }

  @Test
  void aNarrowTerminalWrapsBetweenWordsAndIndents() {
    assertThat(printed(24, 2, TEXT))
        .isEqualTo(
            """
              the quick brown fox
                  jumps over the
                  lazy dog
            """);
  }

  @Test
  void aWordThatIsTooLongIsCut() {
    assertThat(printed(20, 0, "x".repeat(30)).lines().map(String::length).toList())
        .containsExactly(20, 14)
        .inOrder();
  }

  @Test
  void aTextOfSeveralLinesIsFilledAnewWhereItsLinesDoNotFit() {
    String text = "the quick brown fox\njumps over\n\nthe lazy dog\n";

    assertThat(printedText(0, text)).isEqualTo(text);
    assertThat(printedText(20, text)).isEqualTo(text);
    assertThat(printedText(80, text)).isEqualTo(text);
    assertThat(printedText(20, text.replace("jumps over", "jumps over and away")))
        .isEqualTo("the quick brown fox\njumps over and away\n\nthe lazy dog\n");
    assertThat(printedText(24, text.replace("quick", "quick and clever")))
        .isEqualTo("the quick and clever\nbrown fox jumps over\n\nthe lazy dog\n");
  }

  private static String printedText(int columns, String text) {
    StringWriter out = new StringWriter();
    new Paragraphs(new PrintWriter(out, true), columns).printText(text);
    return out.toString();
  }

  @Test
  void aWidthThatCannotBeIsNone() {
    assertThat(printed(3, 0, TEXT)).isEqualTo(TEXT + "\n");
  }

  private static String printed(int columns, int indent, String text) {
    StringWriter out = new StringWriter();
    new Paragraphs(new PrintWriter(out, true), columns).print(indent, text);
    return out.toString();
  }
}
