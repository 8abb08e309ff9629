package org.smmulator.kernel.devfreq;

/** A driver's part in the scaling of its device. Kernel: {@code struct devfreq_dev_profile}. */
public interface DevfreqProfile {
  /** The rate now, or the one that the device wakes with. Kernel: {@code get_cur_freq()}. */
  long currentHz();

  /** Runs the device at {@code hz}, one of its operating points. May block. */
  void setHz(long hz);

  /** How busy the device was since the last call. Kernel: {@code get_dev_status()}. May block. */
  Status status();

  /**
   * How busy a device was. Kernel: {@code struct devfreq_dev_status}.
   *
   * @param totalUs how long it was watched
   * @param busyUs how long of that it worked
   * @param currentHz its rate
   */
  record Status(long totalUs, long busyUs, long currentHz) {
    /** The status of a device that was never looked at. */
    public static final Status NONE = new Status(0, 0, 0);

    /** In percent. */
    long load() {
      return totalUs == 0 ? 0 : 100 * busyUs / totalUs;
    }
  }
}
