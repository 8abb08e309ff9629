package org.smmulator.hw.hdmi;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.i2c.I2cSlave;

/**
 * A socket for a monitor, and the monitor that may be plugged into it: its plug pulls the hot-plug
 * line up, the memory with its EDID answers on the DDC wires, and it shows what comes. VESA E-DDC
 * 1.2.
 *
 * <p>Not modelled: a monitor that pulls the line down for a moment to have its EDID read again, and
 * one that is in standby.
 */
public final class Monitor implements I2cSlave {
  private static final int EDID_ADDRESS = 0x50;
  private static final int SEGMENT_ADDRESS = 0x30;
  private static final int SEGMENT_BYTES = 256;
  private static final int ERASED = 0xff;

  private final Panel panel;
  private final Consumer<Boolean> hotplugLine;
  private Runnable onPlug = () -> {};
  private byte @Nullable [] edid;
  private byte[] last = {};
  private int segment;
  private int offset;
  private boolean segmentFollows;

  /**
   * Makes a socket with nothing in it.
   *
   * @param panel that shows what comes while a monitor is plugged in
   * @param hotplugLine is told when the line rises and falls
   */
  public Monitor(Panel panel, Consumer<Boolean> hotplugLine) {
    this.panel = panel;
    this.hotplugLine = hotplugLine;
  }

  /** Has {@code action} run when a monitor is plugged in. */
  void onPlug(Runnable action) {
    onPlug = action;
  }

  /** Plugs a monitor in, instead of one that is plugged in. */
  public void plug(byte[] description) {
    edid = description.clone();
    last = edid;
    hotplugLine.accept(true);
    onPlug.run();
  }

  /** Plugs the monitor in that was plugged in last. */
  public void plugBack() {
    plug(last);
  }

  /** Pulls the plug: the screen is black, and nobody answers. */
  public void unplug() {
    edid = null;
    hotplugLine.accept(false);
    panel.blank();
  }

  public boolean isPlugged() {
    return edid != null;
  }

  public Panel panel() {
    return panel;
  }

  // ---- the memory

  @Override
  public boolean start(int address, boolean read) {
    segmentFollows = address == SEGMENT_ADDRESS && !read;
    return edid != null && (segmentFollows || address == EDID_ADDRESS);
  }

  @Override
  public boolean write(int value) {
    if (segmentFollows) {
      segment = value;
    } else {
      offset = value;
    }
    return true;
  }

  @Override
  public int read() {
    byte[] memory = edid;
    int at = segment * SEGMENT_BYTES + offset;
    offset = offset + 1 & SEGMENT_BYTES - 1;
    return memory == null || at >= memory.length ? ERASED : memory[at] & 0xff;
  }

  /** The segment is forgotten after each transfer, as E-DDC wants it. */
  @Override
  public void stop() {
    segment = 0;
  }
}
