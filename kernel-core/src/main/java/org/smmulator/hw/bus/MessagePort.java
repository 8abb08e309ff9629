package org.smmulator.hw.bus;

/** The way from a master's port to the registers on the bus, which messages go. */
public interface MessagePort {
  /**
   * A device's store of one word to a register, as a message-signalled interrupt is. Unlike a CPU's
   * access it is no scheduling point, and never throws {@link ExternalAbort}.
   *
   * @return false if nothing with power answers at {@code pa}, or {@code pa} is not word aligned
   */
  boolean message(long pa, int value);
}
