package org.smmulator.machine;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.kernel.firmware.FlatTreeReader;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.BundledFiles;
import org.smmulator.machine.input.Nearest;
import org.smmulator.machine.input.UserFiles;

/** The boards that come with the program, a {@code .dts} file each, and those of users. */
public final class Boards {
  private static final String SUFFIX = ".dts";
  private static final String BLOB_SUFFIX = ".dtb";
  private static final String PIPED = "-";
  private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

  private final BundledFiles sources = new BundledFiles(Boards.class, "boards", SUFFIX);
  private final BundledFiles includes = new BundledFiles(Boards.class, "boards", "");

  /** Returns the boards' names, sorted. */
  public ImmutableList<String> names() {
    return sources.names();
  }

  /**
   * Reads a board's device tree.
   *
   * @param board a name, or the path of a file that ends in {@code .dts}, or in {@code .dtb} if it
   *     is flattened, or {@code -} for standard input, source or flattened: what the C preprocessor
   *     makes of Linux's sources
   * @throws BadInputException if there is no such board, or its device tree makes no sense
   */
  public DeviceTree load(String board) throws BadInputException {
    if (board.equals(PIPED) || board.endsWith(BLOB_SUFFIX) || board.endsWith(SUFFIX)) {
      return read(board.equals(PIPED) ? STANDARD_INPUT : UserFiles.path(board));
    }
    String text = sources.text(board);
    if (text == null && board.indexOf('/') >= 0) {
      throw new BadInputException(
          "'%s' is not named like a device tree".formatted(board),
          "give the path of a .dts or .dtb file, or - for one on standard input");
    }
    if (text == null) {
      throw new BadInputException(
          "there is no board '%s'".formatted(board),
          Nearest.cure(board, names())
              + "; or give the path of a .dts or .dtb file, or - for one on standard input");
    }
    return parse(board + SUFFIX, text);
  }

  /**
   * Reads a device tree that is at hand; it may include what the program's boards include.
   *
   * @param name of the tree, for messages
   * @throws BadInputException if it makes no sense
   */
  public DeviceTree parse(String name, String text) throws BadInputException {
    return parse(name, () -> DtsParser.parse(name, text, this::bundled));
  }

  private DeviceTree read(Path file) throws BadInputException {
    String name = file.toString();
    byte[] bytes = UserFiles.readBytes(file, "a board");
    if (name.endsWith(BLOB_SUFFIX) || FlatTreeReader.isFlattened(bytes)) {
      return parse(name, () -> FlatTreeReader.read(name, bytes));
    }
    String text = UserFiles.text(file, bytes, "a board");
    return parse(name, () -> DtsParser.parse(name, text, other -> beside(file, other)));
  }

  /** Whatever goes wrong while a tree is read is told of the tree. */
  private static DeviceTree parse(String name, Supplier<DeviceTree> tree) throws BadInputException {
    try {
      return tree.get();
    } catch (DeviceTreeException e) {
      throw badTree(e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new BadInputException(
          "%s: this cannot be read as a device tree: %s".formatted(name, e),
          "check the file with dtc, and report it to smmulator if dtc takes it");
    }
  }

  /** Reports a device tree that makes no sense to the user. */
  static BadInputException badTree(DeviceTreeException e) {
    return new BadInputException(
        String.valueOf(e.getMessage()), "mend the device tree at the place named above");
  }

  private Optional<String> bundled(String name) {
    return Optional.ofNullable(includes.text(name));
  }

  private Optional<String> beside(Path file, String name) {
    try {
      Path neighbour = file.resolveSibling(UserFiles.path(name));
      return Files.exists(neighbour)
          ? Optional.of(UserFiles.read(neighbour, "a board"))
          : bundled(name);
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }
}
