package org.smmulator.hw.bus;

/**
 * The secure world, as an SMC instruction reaches it. Firmware decides there; the non-secure world
 * learns its answer only.
 */
public interface SecureMonitor {
  /** The service does not know the call. */
  int NOT_SUPPORTED = -1;

  /**
   * Calls a service.
   *
   * @return 0 if it is done, else a negative number
   */
  int call(int service, int command, int argument0, int argument1);
}
