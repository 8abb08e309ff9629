package org.smmulator.machine.silicon;

import org.smmulator.hw.ats.AtsDevice;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Reads the properties of devices with ATS.
 *
 * <p>A device whose {@code reg-names} have a window {@code ats} can do ATS, as one stream: it may
 * be allowed to ask its IOMMU for translations, and keeps {@code smmulator,kept-translations} of
 * them. With the property {@code smmulator,page-requests} it can also ask for missing pages; the
 * property's value, if it has one, is how many requests may be outstanding.
 */
final class AtsProperties {
  private static final String WINDOW = "ats";
  private static final String PAGE_REQUESTS = "smmulator,page-requests";
  private static final String KEPT_TRANSLATIONS = "smmulator,kept-translations";

  private static final int MOST_TRANSLATIONS = 1 << 16;

  /** Answers {@link #window} for a device without ATS. */
  static final int NO_WINDOW = -1;

  private AtsProperties() {}

  /** Returns the index in {@code reg} of the device's ATS registers, or {@link #NO_WINDOW}. */
  static int window(DtNode device) {
    return device.strings("reg-names").indexOf(WINDOW);
  }

  static AtsDevice.Config config(Silicon device) {
    int kept = device.positive(KEPT_TRANSLATIONS, Timing.KEPT_TRANSLATIONS);
    if (kept > MOST_TRANSLATIONS) {
      throw device.wrong(KEPT_TRANSLATIONS, "expected at most " + MOST_TRANSLATIONS);
    }
    return new AtsDevice.Config(kept, outstandingRequests(device), Timing.ATS_ANSWER_NS);
  }

  private static int outstandingRequests(Silicon device) {
    if (!device.has(PAGE_REQUESTS)) {
      return 0;
    }
    return device.cells(PAGE_REQUESTS).isEmpty() ? 1 : device.positive(PAGE_REQUESTS);
  }
}
