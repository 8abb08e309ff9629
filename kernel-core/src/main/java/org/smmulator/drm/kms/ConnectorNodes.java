package org.smmulator.drm.kms;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.uapi.drm.mode.ModeGetConnector;

/**
 * The directory of a connector in sysfs, in which scripts see what is plugged in, and by which a
 * tester says that something is though nothing is. Kernel: {@code drm_sysfs_connector_add()}.
 */
public final class ConnectorNodes {
  private ConnectorNodes() {}

  /** Makes the directory of {@code connector}. */
  public static PlainDirectory of(ModeConfig config, Connector connector) {
    PlainDirectory made = new PlainDirectory(0755);
    var _ =
        made.add(
            "status",
            new Node.TextFile(
                0644, () -> status(connector) + "\n", text -> force(config, connector, text)));
    add(made, "enabled", () -> connector.state().encoder() == null ? "disabled" : "enabled");
    add(made, "dpms", () -> connector.dpms == Connector.DPMS_ON ? "On" : "Off");
    add(made, "connector_id", () -> String.valueOf(connector.id()));
    var _ = made.add("modes", new Node.TextFile(0444, () -> modes(connector), null));
    var _ = made.add("edid", new Node.BinaryFile(0444, () -> bytes(connector.shownEdid())));
    return made;
  }

  private static void add(PlainDirectory to, String name, Supplier<String> line) {
    var _ = to.add(name, new Node.TextFile(0444, () -> line.get() + "\n", null));
  }

  /** Kernel: {@code drm_get_connector_status_name()}. */
  private static String status(Connector connector) {
    return switch (connector.status()) {
      case ModeGetConnector.CONNECTED -> "connected";
      case ModeGetConnector.DISCONNECTED -> "disconnected";
      default -> "unknown";
    };
  }

  /**
   * Looks again what is connected, or has the connector pretend.
   *
   * @throws ErrnoException EINVAL for an unknown word, after all is looked at again if nothing is
   *     pretended. Kernel: {@code status_store()}
   */
  private static void force(ModeConfig config, Connector connector, String text)
      throws ErrnoException {
    String word = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    try (var _ = config.lock().lock()) {
      Connector.Force before = connector.force;
      Connector.Force wanted =
          switch (word) {
            case "detect" -> Connector.Force.UNSPECIFIED;
            case "on" -> Connector.Force.ON;
            case "on-digital" -> Connector.Force.ON_DIGITAL;
            case "off" -> Connector.Force.OFF;
            default -> null;
          };
      if (wanted != null) {
        connector.force = wanted;
      }
      if (before != connector.force || connector.force == Connector.Force.UNSPECIFIED) {
        connector.probe(config.driver().maxSize());
      }
      if (wanted == null) {
        throw EINVAL.because("status '%s'", word);
      }
    }
  }

  /** Kernel: {@code modes_show()}. */
  private static String modes(Connector connector) {
    return connector.modes().stream()
        .map(mode -> mode.info().name() + "\n")
        .collect(Collectors.joining());
  }

  private static byte[] bytes(@Nullable PropertyBlob blob) {
    return blob == null ? new byte[0] : blob.bytes().toArray(JAVA_BYTE);
  }
}
