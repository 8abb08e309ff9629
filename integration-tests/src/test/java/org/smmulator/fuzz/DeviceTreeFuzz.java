package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/**
 * The input is a device tree's source. It is refused with a place, or it boots, or booting it is
 * refused with a place.
 */
final class DeviceTreeFuzz {
  private static final String FILE = "fuzz.dts";

  private DeviceTreeFuzz() {}

  /** Reads and boots one tree. */
  public static void fuzzerTestOneInput(byte[] data) {
    DeviceTree tree;
    try {
      String text = new String(data, UTF_8);
      tree = Quickly.read(() -> DtsParser.parse(FILE, text, name -> Optional.empty()));
    } catch (DeviceTreeException e) {
      assertHasPlace(e.getMessage());
      return;
    }
    try (Machine machine = Machine.on(tree).boot()) {
      machine.shutDown();
    } catch (BadInputException e) {
      assertHasPlace(e.getMessage());
    }
  }

  private static void assertHasPlace(@Nullable String message) {
    // the file may be another: a preprocessor's line marker names it
    assertThat(message).matches("(?s).*:[1-9]\\d*(:[1-9]\\d*)?: .*");
  }
}
