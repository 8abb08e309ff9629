/**
 * The ATS capability of a device: two words, in which its bus lets it keep translations.
 *
 * <p>On PCI they are an extended capability in configuration space, which the kernel reaches
 * whether or not the device has a driver. There is no PCI here. A platform device that can do ATS
 * has the same words as a register window of its own beside its other registers, named {@code ats}
 * in {@code reg-names}; they belong to the bus, not to the device's driver.
 *
 * <p>Left out: the capabilities of PRI and PASID. A device that can ask for pages does so while ATS
 * is on, and firmware says how many bits of a PASID it has.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.ats;

import org.jspecify.annotations.NullMarked;
