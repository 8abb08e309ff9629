package org.smmulator.machine.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads files that a user names, and says why one cannot be read or written. */
public final class UserFiles {
  /** No board and no scenario is as long; a device such as /dev/zero is longer. */
  private static final int LONGEST_BYTES = 16 << 20;

  private UserFiles() {}

  /**
   * Returns the path that a user wrote.
   *
   * @throws BadInputException if no file can have that name
   */
  public static Path path(String name) throws BadInputException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "no file can have the name '%s': %s".formatted(printable(name), e.getReason()),
          "check the path, and that the locale has its characters: LC_ALL=C.UTF-8 does");
    }
  }

  private static String printable(String name) {
    return name.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /**
   * Returns the text of {@code file}.
   *
   * @param what the kind of file with its article, for the message: {@code a scenario}
   * @throws BadInputException if the file is missing, not readable, too long or not UTF-8
   */
  public static String read(Path file, String what) throws BadInputException {
    return text(file, readBytes(file, what), what);
  }

  /**
   * Returns the text that {@code bytes}, which were read from {@code file}, are.
   *
   * @param what as for {@link #read}
   * @throws BadInputException if they are not UTF-8
   */
  public static String text(Path file, byte[] bytes, String what) throws BadInputException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + " is not text", what + " is written in UTF-8");
    }
  }

  /**
   * Returns the bytes of {@code file}.
   *
   * @param what as for {@link #read}
   * @throws BadInputException if the file is missing, not readable or too long
   */
  public static byte[] readBytes(Path file, String what) throws BadInputException {
    if (isPipe(file)) {
      throw new BadInputException(
          "'%s' is no regular file".formatted(file),
          "copy what it gives into a file, or give /dev/stdin");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_BYTES + 1);
      if (bytes.length > LONGEST_BYTES) {
        throw new BadInputException(
            "'%s' is longer than %d MiB".formatted(file, LONGEST_BYTES >> 20),
            "check that it is %s".formatted(what));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "there is no file '%s'".formatted(file),
          "check the path; it is relative to where you are");
    } catch (IOException e) {
      throw new BadInputException(
          "'%s' cannot be read: %s".formatted(file, reason(e)),
          "check that it is a file and its permissions");
    }
  }

  /** True for a pipe with a name: reading it would wait for somebody who writes. */
  private static boolean isPipe(Path file) {
    return Files.exists(file)
        && !Files.isRegularFile(file)
        && !Files.isDirectory(file)
        && !file.startsWith("/dev")
        && !file.startsWith("/proc");
  }

  /**
   * Returns what to tell a user whose file cannot be written.
   *
   * @param what goes into it: {@code the trace}
   */
  public static BadInputException unwritable(String what, @Nullable Path file, IOException e) {
    return new BadInputException(
        "%s cannot be written to '%s': %s".formatted(what, file, reason(e)),
        "give a path that can be written");
  }

  /** The reason of a failure in the words of the C library, which the JDK keeps for a few. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "No such file or directory";
      case NotDirectoryException _ -> "Not a directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
