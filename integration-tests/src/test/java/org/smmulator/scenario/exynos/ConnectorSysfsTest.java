package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.userspace.Client;

/** Connectors as scripts see them: {@code cat /sys/class/drm/card0-HDMI-A-1/status}. */
class ConnectorSysfsTest {
  private static final String HDMI = "/sys/class/drm/card0-HDMI-A-1/";

  private KmsTrial trial;
  private Client root;
  private int connector;
  private Monitor socket;

  @BeforeEach
  void boot() throws Exception {
    trial = KmsTrial.on("snow");
    root = trial.board.machine.hostRoot("sh");
    connector = trial.mode.resources().connectors().getLast();
    socket = requireNonNull(trial.board.machine.sockets().get("hdmi@14530000"));
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private byte[] bytes(String file) throws ErrnoException {
    int fd = root.openForReading(HDMI + file);
    byte[] read = root.read(fd, 4096);
    root.close(fd);
    return read;
  }

  private String text(String file) throws ErrnoException {
    return new String(bytes(file), UTF_8);
  }

  private void write(String status) throws ErrnoException {
    int fd = root.openForWriting(HDMI + "status");
    try {
      int _ = root.write(fd, status.getBytes(UTF_8));
    } finally {
      root.close(fd);
    }
  }

  @Test
  void aSocketTellsWhatIsPluggedInOnceSomebodyHasLooked() throws Exception {
    assertThat(text("status")).isEqualTo("unknown\n");
    assertThat(text("modes")).isEmpty();

    write("detect\n");

    assertThat(text("status")).isEqualTo("connected\n");
    assertThat(text("modes")).startsWith("1920x1080\n1920x1080\n1280x720\n");
    assertThat(bytes("edid")).hasLength(256);
    assertThat(text("enabled")).isEqualTo("disabled\n");
    assertThat(text("connector_id")).isEqualTo(connector + "\n");
    assertThat(root.readlink(HDMI + "device")).endsWith("card0");
  }

  @Test
  void aTesterHasItPretendWhateverIsPlugged() throws Exception {
    write("off");
    assertThat(trial.mode.connector(connector).answer().connection())
        .isEqualTo(ModeGetConnector.DISCONNECTED);
    assertThat(text("modes")).isEmpty();

    socket.unplug();
    write("on");
    assertThat(trial.mode.connector(connector).answer().connection())
        .isEqualTo(ModeGetConnector.CONNECTED);
    write("detect");
    assertThat(text("status")).isEqualTo("disconnected\n");
  }

  @Test
  void anotherWordIsRefused() {
    ErrnoException refused = assertThrows(ErrnoException.class, () -> write("maybe"));

    assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
  }
}
