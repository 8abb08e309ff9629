package org.smmulator.machine.silicon;

/**
 * A device that cannot be modelled from what its node says: it is left out of the board, with the
 * message as the reason. A node whose words contradict each other is a {@link
 * org.smmulator.kernel.firmware.DeviceTreeException} instead.
 */
final class NoModelException extends RuntimeException {
  NoModelException(String message) {
    super(message);
  }
}
