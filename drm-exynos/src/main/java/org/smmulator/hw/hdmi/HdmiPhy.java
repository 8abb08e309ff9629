package org.smmulator.hw.hdmi;

import static org.smmulator.regs.hdmi.HdmiPhyConfigs.ADDRESS;
import static org.smmulator.regs.hdmi.HdmiPhyConfigs.BYTES;
import static org.smmulator.regs.hdmi.HdmiPhyConfigs.BY_CLOCK_HZ;

import com.google.common.io.BaseEncoding;
import java.util.Arrays;
import java.util.Map;
import org.smmulator.hw.i2c.I2cSlave;

/**
 * The PHY of HDMI, which makes the pixel clock: thirty-two registers behind an I2C bus of their
 * own.
 */
public final class HdmiPhy implements I2cSlave {
  private final byte[] registers = new byte[BYTES];
  private Runnable onChange = () -> {};
  private int pointer;
  private boolean pointerFollows;

  /** Has {@code action} run after each transfer. */
  void onChange(Runnable action) {
    onChange = action;
  }

  /** Forgets what was written. */
  void reset() {
    Arrays.fill(registers, (byte) 0);
  }

  /** The clock that the registers make, in hertz; 0 if the PLL cannot lock with them. */
  int pixelClockHz() {
    byte[] written = registers.clone();
    written[0] = 1;
    String bytes = BaseEncoding.base16().lowerCase().encode(written);
    for (Map.Entry<Integer, String> known : BY_CLOCK_HZ.entrySet()) {
      if (known.getValue().equals(bytes)) {
        return known.getKey();
      }
    }
    return 0;
  }

  @Override
  public boolean start(int address, boolean read) {
    pointerFollows = !read;
    return address == ADDRESS;
  }

  @Override
  public boolean write(int value) {
    if (pointerFollows) {
      pointerFollows = false;
      pointer = value;
      return value < BYTES;
    }
    if (pointer >= BYTES) {
      return false;
    }
    registers[pointer++] = (byte) value;
    return true;
  }

  @Override
  public int read() {
    return pointer < BYTES ? registers[pointer++] : 0;
  }

  @Override
  public void stop() {
    onChange.run();
  }
}
