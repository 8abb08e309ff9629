package org.smmulator.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.display.Panel;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;

/**
 * Writes what the panels show, as PNG: to a file the last picture of the first panel, or into a
 * folder each frame of each.
 *
 * <p>The last picture is the last frame that is not all black, if there is one: a display goes dark
 * with the file of the process that lit it, before the machine stops.
 */
final class Screenshots {
  private final Path target;
  private @Nullable BufferedImage last;
  private @Nullable IOException failure;

  /** Writes to {@code target}: a file if its name ends with {@code .png}, else a folder. */
  Screenshots(Path target) {
    this.target = target;
  }

  private boolean isFile() {
    return target.toString().toLowerCase(Locale.ROOT).endsWith(".png");
  }

  /**
   * Begins to look.
   *
   * @throws BadInputException if the board has no panel, or the folder cannot be made
   */
  void watch(Machine machine) throws BadInputException {
    if (machine.panels().isEmpty()) {
      throw new BadInputException(
          "no screenshot: the board has no panel that is modelled", "run it on tm2 or on snow");
    }
    if (isFile()) {
      machine.panels().values().asList().getFirst().watch(this::keep);
      return;
    }
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    for (Map.Entry<String, Panel> each : machine.panels().entrySet()) {
      each.getValue().watch(panel -> writeFrame(each.getKey(), panel));
    }
  }

  private void keep(Panel panel) {
    if (last == null || !isBlack(panel)) {
      last = picture(panel);
    }
  }

  private static boolean isBlack(Panel panel) {
    for (int y = 0; y < panel.height(); y++) {
      for (int x = 0; x < panel.width(); x++) {
        if (panel.pixel(x, y) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void writeFrame(String name, Panel panel) {
    if (failure == null) {
      try {
        String file = String.format(Locale.ROOT, "%s-%04d.png", name, panel.frames());
        write(picture(panel), target.resolve(file));
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  /**
   * Writes the last picture; one black pixel if there was no frame.
   *
   * @throws BadInputException if a picture could not be written
   */
  void end() throws BadInputException {
    try {
      if (isFile()) {
        write(last == null ? new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB) : last, target);
      }
    } catch (IOException e) {
      failure = e;
    }
    if (failure != null) {
      throw cannotWrite(failure);
    }
  }

  private BadInputException cannotWrite(IOException e) {
    return UserFiles.unwritable("the screenshot", target, e);
  }

  private static BufferedImage picture(Panel panel) {
    BufferedImage image =
        new BufferedImage(panel.width(), panel.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < panel.height(); y++) {
      for (int x = 0; x < panel.width(); x++) {
        image.setRGB(x, y, panel.pixel(x, y));
      }
    }
    return image;
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this JDK writes no PNG");
    }
  }
}
