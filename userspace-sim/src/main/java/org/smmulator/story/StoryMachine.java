package org.smmulator.story;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.machine.isolation.Trespass;
import org.smmulator.userspace.Client;

/** A machine as a story has it: processes that act, and what must be so. */
public final class StoryMachine {
  /** Hears what happens in a story. */
  public interface Audience {
    /** A process does something, or something is found of it. */
    void told(String who, String what);
  }

  private final Machine machine;
  private final Audience audience;
  private final Set<String> known = new HashSet<>(); // looked up, never iterated
  private int expectationsMet;

  public StoryMachine(Machine machine, Audience audience) {
    this.machine = machine;
    this.audience = audience;
  }

  /** The machine itself, with all that can be asked of it. */
  public Machine machine() {
    return machine;
  }

  /**
   * Starts a process of root's, which does what the story has it do.
   *
   * @throws ErrnoException ENOMEM
   */
  public Actor spawn(String name) throws ErrnoException {
    Client client = machine.hostRoot(name);
    audience.told("%s[%d]".formatted(name, client.pid()), "starts");
    return new Actor(client);
  }

  /** Lets {@code ns} of virtual time go by at least. */
  public void sleep(long ns) {
    long until = machine.scheduler().nowNs() + ns;
    machine.scheduler().after(ns, () -> {});
    var _ = machine.run(() -> machine.scheduler().nowNs() >= until);
  }

  /** Begins an expectation: {@code machine.expect(canvas.load32(0)).is(7)}. */
  public Found expect(long found) {
    return new Found(found);
  }

  /** Expects a line of the kernel log that holds {@code text}. */
  public void expectDmesg(String text) {
    if (machine.dmesg().lines().stream().noneMatch(line -> line.text().contains(text))) {
      throw new AssertionError("expected a line of dmesg with '%s'".formatted(text));
    }
    met("finds in dmesg '%s'".formatted(text));
  }

  /**
   * Expects that {@code by}, or a device under its table, got at the private memory of {@code of}.
   */
  public void expectTrespass(Actor by, Actor of) {
    int thief = by.client().pid();
    int victim = of.client().pid();
    if (trespasses().noneMatch(each -> each.by().pid() == thief && each.of().pid() == victim)) {
      throw new AssertionError(
          "nobody saw that %s got at the memory of %s".formatted(by.client(), of.client()));
    }
    known.add(thief + " at " + victim);
    met("finds that %s got at the memory of %s".formatted(by.client(), of.client()));
  }

  /** Fails the story if a process got at another's private memory that it does not expect. */
  public void judgeIsolation() {
    machine.processes().all().forEach(machine.isolation()::lookAt);
    trespasses()
        .filter(each -> !known.contains(each.by().pid() + " at " + each.of().pid()))
        .findFirst()
        .ifPresent(each -> {
          throw new AssertionError(
              "expected nobody else to get at the memory of %s: %s".formatted(each.of(), each));
        });
  }

  private Stream<Trespass> trespasses() {
    return machine.isolation().trespasses().stream();
  }

  /** The number of expectations that were met. */
  public int expectationsMet() {
    return expectationsMet;
  }

  private void met(String words) {
    expectationsMet++;
    audience.told("story", words);
  }

  /** A number that was found. */
  public final class Found {
    private final long number;

    private Found(long number) {
      this.number = number;
    }

    /** Fails the story unless it is {@code wanted}. */
    public void is(long wanted) {
      if (number != wanted) {
        throw new AssertionError("expected 0x%x, found 0x%x".formatted(wanted, number));
      }
      met("finds 0x%x".formatted(number));
    }
  }
}
