package org.smmulator.script;

import com.google.common.primitives.Ints;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.msm.Pm4Stream;

/** Makes a submit's commands into packets. */
final class CommandEncoder {
  /** Where an address of the scenario is on the GPU. */
  interface Locator {
    long iova(Address address) throws ErrnoException, FailedExpectation;
  }

  private final Locator locator;

  CommandEncoder(Locator locator) {
    this.locator = locator;
  }

  void encode(Command command, Pm4Stream into) throws ErrnoException, FailedExpectation {
    var _ =
        switch (command) {
          case Command.MemWrite write ->
              into.memWrite(locator.iova(write.at()), Ints.toArray(write.values()));
          case Command.MemCopy copy ->
              into.memCopy(locator.iova(copy.to()), locator.iova(copy.from()));
          case Command.WaitMem wait when wait.atLeast() ->
              into.waitUntilAtLeast(locator.iova(wait.at()), wait.value());
          case Command.WaitMem wait -> into.waitUntilEqual(locator.iova(wait.at()), wait.value());
          case Command.Nop nop -> into.nop(nop.dwords());
          case Command.Raw raw -> into.raw(Ints.toArray(raw.dwords()));
        };
  }
}
