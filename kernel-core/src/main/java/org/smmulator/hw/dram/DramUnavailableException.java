package org.smmulator.hw.dram;

/** The host has no place to back the machine's memory with; the message names the cure. */
public final class DramUnavailableException extends Exception {
  DramUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  DramUnavailableException(String message) {
    super(message);
  }
}
