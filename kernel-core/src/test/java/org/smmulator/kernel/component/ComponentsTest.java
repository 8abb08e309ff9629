package org.smmulator.kernel.component;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/** A display, an encoder and an engine that are one device. Order as in {@code component.c}. */
class ComponentsTest {
  /** Notes its bind and the release of what it acquired. */
  private final class Part implements ComponentOps {
    private final String name;
    private @Nullable Errno refuses;

    Part(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name + "_ops";
    }

    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      binding.add("memory", () -> log.add("free " + name));
      if (refuses != null) {
        throw refuses.because("not now");
      }
      log.add("bind " + name);
      binding.add("bound", () -> log.add("unbind " + name));
    }
  }

  private interface Body {
    void run() throws ErrnoException;
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final Components components = new Components(new Lockdep(scheduler));
  private final List<String> log = new ArrayList<>();
  private final Device parent = device("drm");
  private final Device decon = device("decon");
  private final Device dsi = device("dsi");
  private final Device g2d = device("g2d");
  private final Part deconPart = new Part("decon");
  private final Part dsiPart = new Part("dsi");
  private final Part g2dPart = new Part("g2d");
  private final ComponentMatch all = ComponentMatch.ofDevices(ImmutableList.of(decon, dsi, g2d));

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Device device(String name) {
    return new Device(name, "platform", null, dmesg);
  }

  private void master(AggregateDevice aggregate, Devres binding) throws ErrnoException {
    log.add("master");
    binding.add("master", () -> log.add("master goes"));
    aggregate.bindAll();
    binding.add("components", aggregate::unbindAll);
    log.add("registered");
    binding.add("registration", () -> log.add("unregistered"));
  }

  private void inKernel(Body body) {
    List<Throwable> failures = new ArrayList<>();
    var _ =
        scheduler.spawnKernel(
            "test",
            () -> {
              try {
                body.run();
              } catch (ErrnoException | AssertionError e) {
                failures.add(e);
              }
            });
    var _ = scheduler.run(() -> false);
    assertThat(failures).isEmpty();
  }

  private Errno errnoOf(Body body) {
    return assertThrows(ErrnoException.class, body::run).errno();
  }

  private List<String> messages() {
    return dmesg.lines().stream().map(Dmesg.Line::text).toList();
  }

  private void addAllIn(Device first, Part firstPart, Device next, Part nextPart)
      throws ErrnoException {
    components.add(first, firstPart);
    components.add(next, nextPart);
  }

  @Test
  void whateverTheOrderOfTheProbesComponentsBindInTheOrderOfTheMatch() {
    inKernel(() -> {
      addAllIn(g2d, g2dPart, dsi, dsiPart);
      AggregateDevice aggregate = components.addMaster(parent, this::master, all);
      assertThat(aggregate.isBound()).isFalse();
      assertThat(log).isEmpty();

      components.add(decon, deconPart);

      assertThat(aggregate.isBound()).isTrue();
      assertThat(aggregate.boundComponents()).containsExactly(decon, dsi, g2d).inOrder();
    });

    assertThat(log)
        .containsExactly("master", "bind decon", "bind dsi", "bind g2d", "registered")
        .inOrder();
    assertThat(messages())
        .containsExactly(
            "platform drm: bound decon (ops decon_ops)",
            "platform drm: bound dsi (ops dsi_ops)",
            "platform drm: bound g2d (ops g2d_ops)")
        .inOrder();
  }

  @Test
  void oneThatRefusesHasThoseBeforeItUnboundInReverseAndKeepsNothing() {
    g2dPart.refuses = EINVAL;

    inKernel(() -> {
      addAllIn(decon, deconPart, dsi, dsiPart);
      AggregateDevice aggregate = components.addMaster(parent, this::master, all);

      assertThat(errnoOf(() -> components.add(g2d, g2dPart))).isEqualTo(EINVAL);

      assertThat(aggregate.isBound()).isFalse();
      assertThat(aggregate.boundComponents()).isEmpty();
    });

    assertThat(log)
        .containsExactly(
            "master",
            "bind decon",
            "bind dsi",
            "free g2d",
            "unbind dsi",
            "free dsi",
            "unbind decon",
            "free decon",
            "master goes")
        .inOrder();
    assertThat(messages())
        .containsAtLeast(
            "platform drm: failed to bind g2d (ops g2d_ops): -22",
            "platform drm: adev bind failed: -22")
        .inOrder();
  }

  @Test
  void aDeferralIsSilentAndTheComponentCanComeAgain() {
    g2dPart.refuses = EPROBE_DEFER;

    inKernel(() -> {
      addAllIn(decon, deconPart, dsi, dsiPart);
      AggregateDevice aggregate = components.addMaster(parent, this::master, all);
      assertThat(errnoOf(() -> components.add(g2d, g2dPart))).isEqualTo(EPROBE_DEFER);
      assertThat(messages().stream().filter(line -> line.contains("failed"))).isEmpty();

      g2dPart.refuses = null;
      components.add(g2d, g2dPart);

      assertThat(aggregate.isBound()).isTrue();
    });
  }

  @Test
  void aMasterWhoseBindFailsIsNotAddedAndItsComponentsAreFree() {
    inKernel(() -> {
      addAllIn(decon, deconPart, dsi, dsiPart);
      components.add(g2d, g2dPart);
      assertThat(
              errnoOf(() ->
                  components.addMaster(
                      parent,
                      (_, _) -> {
                        throw EINVAL.because("no");
                      },
                      all)))
          .isEqualTo(EINVAL);

      assertThat(components.addMaster(parent, this::master, all).isBound()).isTrue();
    });
  }

  @Test
  void aComponentThatGoesTakesTheWholeDeviceDownAndBringsItUpAgain() {
    inKernel(() -> {
      addAllIn(decon, deconPart, dsi, dsiPart);
      components.add(g2d, g2dPart);
      AggregateDevice aggregate = components.addMaster(parent, this::master, all);
      log.clear();

      components.remove(dsi, dsiPart);

      assertThat(aggregate.isBound()).isFalse();
      assertThat(log)
          .containsExactly(
              "unregistered",
              "unbind g2d",
              "free g2d",
              "unbind dsi",
              "free dsi",
              "unbind decon",
              "free decon",
              "master goes")
          .inOrder();

      components.add(dsi, dsiPart);
      assertThat(aggregate.isBound()).isTrue();
    });
  }

  @Test
  void aRemovedMasterLetsGoOfItsComponents() {
    inKernel(() -> {
      addAllIn(decon, deconPart, dsi, dsiPart);
      components.add(g2d, g2dPart);
      AggregateDevice first = components.addMaster(parent, this::master, all);

      components.removeMaster(first);

      assertThat(first.isBound()).isFalse();
      Device other = device("other drm");
      assertThat(components.addMaster(other, this::master, all).isBound()).isTrue();
    });
  }

  @Test
  void twoEntriesForOneDeviceBindItOnce() {
    ComponentMatch twice =
        ComponentMatch.of(
            ImmutableList.of(decon::equals, device -> Objects.equals(device.name(), "decon")));
    inKernel(() -> {
      components.add(decon, deconPart);

      AggregateDevice aggregate = components.addMaster(parent, this::master, twice);

      assertThat(aggregate.boundComponents()).containsExactly(decon);
    });
    assertThat(log).containsExactly("master", "bind decon", "registered").inOrder();
  }

  @Test
  void theNewestOfTwoMastersClaimsAComponentThatBothWant() {
    ComponentMatch one = ComponentMatch.ofDevices(ImmutableList.of(decon));
    inKernel(() -> {
      AggregateDevice older = components.addMaster(parent, this::master, one);
      AggregateDevice newer = components.addMaster(device("other"), this::master, one);

      components.add(decon, deconPart);

      assertThat(newer.isBound()).isTrue();
      assertThat(older.isBound()).isFalse();
    });
  }
}
