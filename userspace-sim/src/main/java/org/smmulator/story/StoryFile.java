package org.smmulator.story;

import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;

/**
 * A file with a story, compiled.
 *
 * @param text what it says
 */
public record StoryFile(Path path, String text, Story story) {
  /** The end of such a file's name. */
  public static final String SUFFIX = ".java";

  private static final String API = "org.smmulator.story";

  /** Returns whether a user has named such a file. */
  public static boolean isNamed(String name) {
    return name.endsWith(SUFFIX);
  }

  /** Returns whether a text in Java uses what a story needs; other Java may lie beside stories. */
  public static boolean isStory(String text) {
    return text.contains(API);
  }

  /**
   * Reads and compiles the file {@code name}.
   *
   * @throws BadInputException if it cannot be read, does not compile, or has not one story
   */
  public static StoryFile load(String name) throws BadInputException {
    Path path = UserFiles.path(name);
    String text = UserFiles.read(path, "a scenario");
    Story story = new StoryCompiler(ToolProvider.getSystemJavaCompiler()).compile(path, text);
    return new StoryFile(path, text, story);
  }
}
