package org.smmulator.machine.silicon;

import org.smmulator.kernel.firmware.DtNode;

/** Makes the models of the devices of one {@code compatible}. */
interface ModelFactory {
  /**
   * Makes the model that {@code node} describes and connects it to {@code board}.
   *
   * @throws org.smmulator.kernel.firmware.DeviceTreeException if no such device can be
   */
  void install(DtNode node, Motherboard board);
}
