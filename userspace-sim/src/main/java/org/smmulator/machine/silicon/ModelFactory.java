package org.smmulator.machine.silicon;

import org.smmulator.kernel.firmware.DtNode;

/** Makes the model of one kind of device, as its node of the device tree says. */
interface ModelFactory {
  /**
   * Makes the model of {@code node} and solders it onto {@code board}.
   *
   * @throws org.smmulator.kernel.firmware.DeviceTreeException if the node cannot be such a device
   */
  void solder(DtNode node, Motherboard board);
}
