package org.smmulator.drm.kms.mode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.i2c.I2cAdapter;
import org.smmulator.kernel.i2c.I2cMessage;

/**
 * Reads a monitor's EDID over DDC: block by block, again if one is damaged. Kernel: {@code
 * drm_edid_read_ddc()}, {@code _drm_do_get_edid()}.
 */
public final class DdcReader {
  private static final int EDID_ADDRESS = 0x50;
  private static final int SEGMENT_ADDRESS = 0x30;
  private static final int TRANSFERS = 5;
  private static final int READS = 4;

  private final I2cAdapter ddc;

  private DdcReader(I2cAdapter ddc) {
    this.ddc = ddc;
  }

  /**
   * Reads the EDID of the monitor at the other end. Blocks after the first that stay damaged are
   * left out.
   *
   * @return null if nobody answers, the first block stays damaged, or there is no memory
   */
  public static @Nullable Edid read(I2cAdapter ddc, FaultInjector faults) {
    DdcReader reader = new DdcReader(ddc);
    if (faults.shouldFail(Site.EDID)) {
      return null;
    }
    byte[] first = reader.readBlock(0);
    if (first == null || !Edid.isBlockValid(first, true)) {
      return null;
    }
    int extensions = Edid.extensions(first);
    if (extensions != 0 && faults.shouldFail(Site.EDID)) {
      return null;
    }
    byte[] all = Arrays.copyOf(first, (extensions + 1) * Edid.BLOCK_BYTES);
    int kept = 1;
    for (int block = 1; block <= extensions; block++) {
      byte[] read = reader.readBlock(block);
      if (read == null) {
        return null;
      }
      if (Edid.isBlockValid(read, false)) {
        System.arraycopy(read, 0, all, kept++ * Edid.BLOCK_BYTES, Edid.BLOCK_BYTES);
      }
    }
    return Edid.of(all).withBlocks(kept);
  }

  /** Kernel: {@code edid_block_read()}. */
  private byte @Nullable [] readBlock(int block) {
    byte[] bytes = new byte[Edid.BLOCK_BYTES];
    for (int attempt = 0; attempt < READS; attempt++) {
      if (!transfer(block, bytes)) {
        return null;
      }
      if (block == 0) {
        Edid.repairHeader(bytes);
      }
      if (Edid.isBlockValid(bytes, block == 0)) {
        break;
      }
    }
    return bytes;
  }

  /** Kernel: {@code drm_do_probe_ddc_edid()}. */
  private boolean transfer(int block, byte[] bytes) {
    I2cMessage segment = I2cMessage.write(SEGMENT_ADDRESS, (byte) (block >>> 1));
    I2cMessage start = I2cMessage.write(EDID_ADDRESS, (byte) (block * Edid.BLOCK_BYTES));
    I2cMessage data = I2cMessage.read(EDID_ADDRESS, bytes);
    int wanted = block >>> 1 == 0 ? 2 : 3;
    for (int attempt = 0; attempt < TRANSFERS; attempt++) {
      try {
        int done = wanted == 2 ? ddc.transfer(start, data) : ddc.transfer(segment, start, data);
        if (done == wanted) {
          return true;
        }
      } catch (ErrnoException e) {
        if (e.errno() == Errno.ENXIO) {
          return false;
        }
      }
    }
    return false;
  }
}
