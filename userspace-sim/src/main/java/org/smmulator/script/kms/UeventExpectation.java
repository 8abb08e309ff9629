package org.smmulator.script.kms;

import com.google.common.collect.ImmutableMap;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.UdevMonitor;

/** {@code uevent}: the next message of a socket of uevents has a variable. */
final class UeventExpectation extends ExpectationType {
  private static final String NONE = "none";

  private final FormField<Ref<Descriptor>> socket =
      required("uevent", Ref.own(Kind.DESCRIPTOR), "The socket; its next message is taken.");
  private final FormField<String> variable =
      required(
          "is",
          Scalar.text("a variable and its value", "HOTPLUG=1"),
          "What it says; none if there is to be no message.");

  UeventExpectation() {
    super("uevent", "The kernel's next message of a changed device has a variable.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    ImmutableMap<String, String> message = UdevMonitor.of(process.own(args.get(socket))).receive();
    String wanted = args.get(variable);
    boolean met =
        message == null
            ? wanted.equals(NONE)
            : message.entrySet().stream().anyMatch(each -> each.toString().equals(wanted));
    FailedExpectation.unless(
        met, "a uevent of " + wanted, message == null ? "there is no uevent" : message.toString());
  }

  @Override
  protected String words(Args args) {
    return args.get(variable).equals(NONE) ? "hears of no change" : "hears " + args.get(variable);
  }
}
