package org.smmulator.machine.silicon;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;

/**
 * The silicon of stock boards, whose trees have no {@code smmulator,*} properties.
 *
 * <p>{@code stock.dts} has a node for each SoC, with the root's compatibles that it goes for, and
 * below it a node for each compatible of a device.
 *
 * @implNote Unverified: the values of the SDM845's, SC7180's and MSM8996's SMMUs, which are of the
 *     right size but come from no manual.
 */
@Singleton
final class StockSilicon {
  private static final String FILE = "stock.dts";

  private final @Nullable DtNode soc;

  @Inject
  StockSilicon(DeviceTree board) {
    this.soc =
        known().root().children().stream()
            .filter(
                candidate -> board.root().compatible().stream().anyMatch(candidate::isCompatible))
            .findFirst()
            .orElse(null);
  }

  /** Returns the silicon behind {@code node}. */
  Silicon of(DtNode node) {
    DtNode found = null;
    for (String compatible : node.compatible()) {
      if (found == null && soc != null) {
        found = soc.child(compatible);
      }
    }
    return new Silicon(node, found);
  }

  private static DeviceTree known() {
    try (InputStream in = StockSilicon.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("no " + FILE);
      }
      return DtsParser.parse(FILE, new String(in.readAllBytes(), UTF_8), _ -> Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
