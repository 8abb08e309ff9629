package org.smmulator.junit;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.google.common.base.Throwables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.Gpu;
import org.smmulator.userspace.msm.MsmBuffer;

/** Suites that use the library wrongly are told so in one sentence each; none hangs. */
class HostileSuitesTest {
  /** One test keeps its machine, and the next uses it. */
  @Board("virt")
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static final class KeepsItsMachine {
    static final List<Machine> KEPT = new CopyOnWriteArrayList<>();

    @Test
    @Order(1)
    void keeps(Machine machine) {
      KEPT.add(machine);
    }

    @Test
    @Order(2)
    void spawns() throws Exception {
      Client _ = KEPT.getLast().spawn("late", own -> {});
    }

    @Test
    @Order(2)
    void hosts() throws Exception {
      Client _ = KEPT.getLast().host("late");
    }

    @Test
    @Order(2)
    void settles() {
      KEPT.getLast().settle();
    }
  }

  @Board("virt")
  static final class NeverEnds {
    static final AtomicBoolean ENOUGH = new AtomicBoolean();

    @Test
    @Timeout(2)
    void sleepsForEver(Machine machine) throws Exception {
      Client sleeper =
          machine.spawn(
              "sleeper",
              own -> {
                while (true) {
                  machine.scheduler().sleep(1_000_000);
                }
              });
      machine.await(sleeper);
    }

    @Test
    @Timeout(2)
    void computesForEver(Machine machine) throws Exception {
      Client busy =
          machine.spawn(
              "busy",
              own -> {
                while (!ENOUGH.get()) {
                  Thread.onSpinWait();
                }
              });
      machine.await(busy);
    }

    @Test
    void throwsInAKernelThread(Machine machine) {
      machine
          .scheduler()
          .spawnKernel(
              "kworker/7",
              () -> {
                throw new IllegalStateException("the worker's own mistake");
              });
      machine.settle();
    }
  }

  static final class WrongWords {
    @ScenarioTest("target/no-scenario-is-here")
    void anEmptyFolder() {}

    @ScenarioTest({})
    void nothing() {}

    @ScenarioTest("two-proceses")
    void aMisspeltName() {}

    @Schedules(count = 0)
    void noSchedule(@Board("virt") Machine machine) {}

    @Schedules(count = 1, schedule = "randon")
    void aMisspeltSchedule(@Board("virt") Machine machine) {}

    @Test
    @Set("iommu.strikt=0")
    void aMisspeltSwitch(@Board("virt") Machine machine) {}

    @Test
    @Set("iommu.strict")
    void aSwitchWithoutAValue(@Board("virt") Machine machine) {}

    @Test
    void whichOfTwo(@Board("virt") Machine one, @Board("virt") Machine other, Client whose) {}

    @Test
    @ExpectFault(times = -7)
    void aNegativeNumberOfFaults(@Board("virt") Machine machine) {}

    @Test
    void aGpuOfABoardWithout(@Board("virt") Gpu painter) {}
  }

  @Board("virt")
  static final class OneForAll {
    @BeforeAll
    static void begin(Machine machine) {}

    @Test
    void wants(Machine machine) {}
  }

  @Board("virt")
  static final class InItsConstructor {
    InItsConstructor(Machine machine) {}

    @Test
    void wants() {}
  }

  /** Its tests and those of its subclasses have a machine each. */
  @Board("db845c")
  static class Crowd {
    @RepeatedTest(4)
    void paints(Gpu painter, Gpu reader) throws Exception {
      MsmBuffer canvas = painter.buffer(4096);
      MsmBuffer page = reader.buffer(4096);
      painter.submit(painter.stream().memWrite(canvas.iova(), 0xcafe), canvas).await(1_000_000_000);
      assertThat(canvas.load32(0)).isEqualTo(0xcafe);
      assertThat(page.load32(0)).isEqualTo(0);
    }
  }

  static final class Crowd1 extends Crowd {}

  static final class Crowd2 extends Crowd {}

  static final class Crowd3 extends Crowd {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anEmptyFolder | finds no scenario in the folder 'target/no-scenario-is-here'
          nothing | @ScenarioTest names no scenario
          aMisspeltName | did you mean 'two-processes'?
          noSchedule | @Schedules(count = 0) runs nothing: a count is 1 or more
          aMisspeltSchedule | schedule cannot be 'randon'
          aMisspeltSwitch | did you mean 'iommu.strict'?
          aSwitchWithoutAValue | iommu.strict
          whichOfTwo | no @Board says which machine 'whose' is of: annotate it, its method or its class
          aNegativeNumberOfFaults | @ExpectFault(times = -7): no access is refused less than never
          aGpuOfABoardWithout | renderD128
          """)
  void aWrongWordIsAnsweredInOneSentence(String test, String words) throws Exception {
    var _ = Files.createDirectories(Path.of("target/no-scenario-is-here"));

    assertThat(messages(WrongWords.class, test)).contains(words);
  }

  @Test
  void aMachineThatOutlivesItsTestIsClosedAndSaysSo() {
    for (String test : List.of("spawns", "hosts", "settles")) {
      assertThat(messages(KeepsItsMachine.class, test)).contains("the machine is closed");
    }
    assertThat(messages(OneForAll.class, ""))
        .contains("a machine belongs to one test, and 'machine'");
    assertThat(messages(InItsConstructor.class, "")).contains("a machine belongs to one test");
  }

  @Test
  void aBodyThatNeverEndsIsStoppedByATimeoutAndNamed() {
    String messages = messages(NeverEnds.class, "sleepsForEver");

    assertThat(messages).contains("timed out after 2 seconds");
    assertThat(messages)
        .containsMatch("interrupted at \\d+ ns, when there was more to do for sleeper");
  }

  @Test
  void aBodyThatComputesForEverIsNamedThoughNobodyCanEndIt() {
    NeverEnds.ENOUGH.set(false);
    String messages;
    try {
      messages = messages(NeverEnds.class, "computesForEver");
    } finally {
      NeverEnds.ENOUGH.set(true);
    }

    assertThat(messages).contains("timed out after 2 seconds");
    assertThat(messages).containsMatch("busy.* computes and never comes back to the machine");
  }

  @Test
  void whatAKernelThreadThrowsIsABugAndNamed() {
    assertThat(messages(NeverEnds.class, "throwsInAKernelThread"))
        .contains("BUG: java.lang.IllegalStateException: the worker's own mistake");
  }

  @Test
  void sixteenMachinesInFourClassesAtOnceDoNotDisturbEachOther() {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(
                selectClass(Crowd.class),
                selectClass(Crowd1.class),
                selectClass(Crowd2.class),
                selectClass(Crowd3.class))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "16")
            .execute()
            .testEvents();

    assertThat(tests.failed().list()).isEmpty();
    assertThat(tests.succeeded().count()).isEqualTo(16);
  }

  /** All that a failing test, or class, of a suite says: its failure, and what is below it. */
  private static String messages(Class<?> suite, String test) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(
            test.isEmpty() || suite.equals(KeepsItsMachine.class)
                ? new DiscoverySelector[] {selectClass(suite)}
                : Arrays.stream(suite.getDeclaredMethods())
                    .filter(method -> method.getName().equals(test))
                    .map(method -> selectMethod(suite, method))
                    .toArray(DiscoverySelector[]::new))
        .execute()
        .allEvents()
        .failed()
        .stream()
        .filter(each -> each.getTestDescriptor().getUniqueId().toString().contains(test))
        .map(each -> each.getPayload(TestExecutionResult.class).orElseThrow())
        .map(result -> Throwables.getStackTraceAsString(result.getThrowable().orElseThrow()))
        .collect(Collectors.joining("\n"));
  }
}
