package org.smmulator.kernel.fs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages by which the kernel tells userspace of changes of its devices. Kernel: {@code
 * lib/kobject_uevent.c}.
 *
 * <p>Left out: what userspace writes to a device's {@code uevent}, and the credentials that come
 * with a message.
 */
public final class Uevents {
  private final List<UeventSocket> listeners = new ArrayList<>();
  private long seqnum;

  Uevents() {}

  /**
   * Tells every listener of a change: {@code KOBJ_CHANGE}. Kernel: {@code kobject_uevent_env()}.
   *
   * @param sysfsPath of the device, with {@code /sys}
   * @param subsystem such as {@code drm}
   * @param caller variables of who tells it, such as {@code HOTPLUG=1}
   * @param device the lines of the device's own {@code uevent} file
   */
  public void change(String sysfsPath, String subsystem, List<String> caller, String device) {
    String path = sysfsPath.substring("/sys".length());
    StringBuilder message = new StringBuilder("change@").append(path).append('\0');
    message.append("ACTION=change\0DEVPATH=").append(path).append('\0');
    message.append("SUBSYSTEM=").append(subsystem).append('\0');
    caller.forEach(variable -> message.append(variable).append('\0'));
    message.append(device.replace('\n', '\0'));
    message.append("SEQNUM=").append(++seqnum).append('\0');
    byte[] bytes = message.toString().getBytes(StandardCharsets.UTF_8);
    List.copyOf(listeners).forEach(listener -> listener.deliver(bytes));
  }

  /** How many there were. */
  long seqnum() {
    return seqnum;
  }

  void add(UeventSocket listener) {
    if (!listeners.contains(listener)) {
      listeners.add(listener);
    }
  }

  void remove(UeventSocket listener) {
    listeners.remove(listener);
  }
}
