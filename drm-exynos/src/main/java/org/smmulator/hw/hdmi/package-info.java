/**
 * Hardware models of HDMI: the transmitter, its PHY, and the monitor at the end of the cable.
 *
 * <p>Start at {@link org.smmulator.hw.hdmi.HdmiTransmitter}; {@link org.smmulator.hw.hdmi.HdmiPhy}
 * makes its clock, {@link org.smmulator.hw.hdmi.Monitor} is plugged in and out. The driver is in
 * another package and shares only the registers of {@code regs.hdmi} with them.
 *
 * <p>Not modelled: see the ends of these, with the reasons.
 *
 * <p>Threads: one context runs at a time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.hdmi;

import org.jspecify.annotations.NullMarked;
