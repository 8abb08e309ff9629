package org.smmulator.machine.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads text files that a user names. */
public final class UserFiles {
  private UserFiles() {}

  /**
   * Returns the text of {@code file}.
   *
   * @param what the kind of file with its article, for the message: {@code a scenario}
   * @throws BadInputException if the file is missing, not readable or not UTF-8
   */
  public static String read(Path file, String what) throws BadInputException {
    try {
      return Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "there is no file '%s'".formatted(file),
          "check the path; it is relative to where you are");
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + " is not text", what + " is written in UTF-8");
    } catch (IOException e) {
      throw new BadInputException(
          "'%s' cannot be read: %s".formatted(file, e.getMessage()),
          "check that it is a file and its permissions");
    }
  }
}
