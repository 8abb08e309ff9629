package org.smmulator.kernel.firmware;

/**
 * A device tree that makes no sense: the message names the place, what was expected, and the cure.
 *
 * <p>Unchecked, because a tree is the board and there is no machine without it: whoever boots the
 * board tells the user.
 */
public final class DeviceTreeException extends RuntimeException {
  DeviceTreeException(Place place, String message) {
    super(place + ": " + message);
  }

  DeviceTreeException(Place place, String message, Throwable cause) {
    super(place + ": " + message, cause);
  }
}
