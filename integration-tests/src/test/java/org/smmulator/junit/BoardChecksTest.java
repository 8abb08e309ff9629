package org.smmulator.junit;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.junit.msm.JobSubject.assertThat;
import static org.smmulator.junit.truth.MachineTruth.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.Events;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.ProgramDied;
import org.smmulator.userspace.msm.Gpu;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmJob;

/** A suite of somebody else's gets checks without asking, and says what else it expects. */
class BoardChecksTest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final long UNMAPPED = 0x7000_0000L;

  /** A suite as an outsider writes it; run by the tests below alone. */
  @Board("db845c")
  @Seed(7)
  static final class Suite {
    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @Test
    void neitherSeesTheOther(Gpu painter, Gpu reader) throws Exception {
      MsmBuffer canvas = painter.buffer(64 << 10);
      MsmBuffer page = reader.buffer(64 << 10);

      MsmJob job = painter.submit(painter.stream().memWrite(canvas.iova(), 0xcafe), canvas);
      job.await(SECOND_NS);

      assertThat(page.iova()).isEqualTo(canvas.iova());
      assertThat(job).hasSignalled();
      assertThat(canvas).holds(0, 0xcafe);
      assertThat(page).holds(0, 0);
      assertThat(painter.client()).isAlive();
    }

    @Test
    @Set("schedule=random")
    void aClientIsOfTheTestsMachineAndNamedAsItsParameter(Client brush, Machine machine) {
      SEEN.add(brush + " " + machine.processes().all());
    }

    @Test
    void strays(Gpu painter) throws Exception {
      stray(painter);
    }

    @Test
    @ExpectFault
    void straysAndSaysSo(Gpu painter) throws Exception {
      stray(painter);
    }

    @Test
    @ExpectFault
    void doesNotStrayAndSaysItDoes(Gpu painter) {}

    @Test
    void leaks(Machine machine) throws Exception {
      var holder = new Holder.OfDevice("nothing.here");
      var _ = machine.pages().alloc(0, machine.pages().owner(holder, "ring", PageZone.KERNEL));
    }

    @Test
    void makesTheKernelWarn(Machine machine) {
      machine.dmesg().warn("WARNING: drivers/iommu/iommu.c at somewhere");
    }

    @Test
    @ExpectWarning("at somewhere")
    void makesTheKernelWarnAndSaysSo(Machine machine) {
      machine.dmesg().warn("WARNING: drivers/iommu/iommu.c at somewhere");
    }

    @Test
    void takesTwoLocksInEitherOrder(Machine machine) {
      Lockdep lockdep = new Lockdep(machine.scheduler());
      Mutex tables = lockdep.mutex("tables");
      Mutex queues = lockdep.mutex("queues");
      takes(machine, tables, queues);
      takes(machine, queues, tables);
    }

    private static void takes(Machine machine, Mutex one, Mutex other) {
      var _ =
          machine
              .scheduler()
              .spawnKernel(
                  "driver",
                  () -> {
                    try (var _ = one.lock();
                        var _ = other.lock()) {}
                  });
      machine.settle();
    }

    @Test
    void failsInAProcessOfItsOwn(Machine machine) throws Exception {
      Client _ = machine.spawn("painter", own -> assertThat(own.pid()).isEqualTo(1));
      machine.settle();
    }

    @Test
    void diesInAProcessOfItsOwn(Machine machine) throws Exception {
      Client _ = machine.spawn("painter", own -> own.store32(UNMAPPED, 1));
      machine.settle();
    }

    @Test
    @Trace
    void isTraced(Gpu painter) throws Exception {
      SEEN.add("traced " + painter.client().pid());
    }

    private static void stray(Gpu painter) throws Exception {
      painter.submit(painter.stream().memWrite(UNMAPPED, 1)).await(SECOND_NS);
    }
  }

  @Test
  void aSuiteIsTenLines() {
    assertThat(run("neitherSeesTheOther").succeeded().count()).isEqualTo(1);
  }

  @Test
  void clientsAreNamedAsTheirParameters() {
    Suite.SEEN.clear();
    assertThat(run("aClientIsOfTheTestsMachineAndNamedAsItsParameter").succeeded().count())
        .isEqualTo(1);
    assertThat(Suite.SEEN).containsExactly("brush[100] [brush[100]]");
  }

  @Test
  void aFaultThatNobodyExpectedFailsTheTestAndTellsWhereItWas() {
    Throwable failure = failure("strays");

    assertThat(failure).hasMessageThat().contains("see @ExpectFault");
    assertThat(failure)
        .hasMessageThat()
        .contains("iommu@5040000 refused a write at iova 0x70000000 of stream");
    assertThat(run("straysAndSaysSo").succeeded().count()).isEqualTo(1);
    assertThat(failure("doesNotStrayAndSaysItDoes"))
        .hasMessageThat()
        .contains("no access was refused");
  }

  @Test
  void aFailureTellsTheCommandThatRunsItAgain() {
    assertThat(failure("strays").getSuppressed()[0])
        .hasMessageThat()
        .endsWith(
            "to run it again: mvn test"
                + " -Dtest='org.smmulator.junit.BoardChecksTest$Suite#strays'");
    assertThat(Files.exists(Path.of("target/smmulator/Suite.strays/dmesg.txt"))).isTrue();
    assertThat(Files.exists(Path.of("target/smmulator/Suite.strays/trace.txt"))).isTrue();
  }

  @Test
  void aFailureKeepsAPageInWhichOneStepsToIt() throws Exception {
    var _ = failure("strays");

    String page = dataOf(Path.of("target/smmulator/Suite.strays/report.html"));
    assertThat(page).contains("\"title\":\"Suite.strays\"");
    assertThat(page).contains("\"fault\"");
    assertThat(page).contains("\"iommu@5040000\"");
  }

  @Test
  void pagesThatNobodyGivesBackFailTheTest() {
    assertThat(failure("leaks")).hasMessageThat().contains("ring of nothing.here=1");
  }

  @Test
  void aWarningOfTheKernelFailsTheTestThatDoesNotSaySo() {
    assertThat(failure("makesTheKernelWarn")).hasMessageThat().contains("at somewhere");
    assertThat(run("makesTheKernelWarnAndSaysSo").succeeded().count()).isEqualTo(1);
  }

  @Test
  void locksThatAreTakenInEitherOrderFailTheTestThoughNobodyWaited() {
    Throwable failure = failure("takesTwoLocksInEitherOrder");

    assertThat(failure)
        .hasMessageThat()
        .contains(
            "possible circular locking dependency detected: tables is wanted while queues is held");
    assertThat(failure.getSuppressed()[0]).hasMessageThat().contains("to run it again: mvn test");
  }

  @Test
  void anAssertionThatFailsInAProcessIsTheFailureItself() {
    Throwable failure = failure("failsInAProcessOfItsOwn");

    assertThat(failure).hasMessageThat().contains("expected: 1\nbut was : 100");
    assertThat(failure.getStackTrace()[0].getMethodName()).contains("failsInAProcessOfItsOwn");
  }

  @Test
  void aProcessThatDiesSaysOfWhat() {
    ProgramDied died = (ProgramDied) failure("diesInAProcessOfItsOwn");

    assertThat(died).hasMessageThat().isEqualTo("painter[100] died of SIGSEGV");
    assertThat(died.signal()).isEqualTo("SIGSEGV");
    assertThat(died.pid()).isEqualTo(100);
  }

  @Test
  void aTraceIsKeptIfAskedForThoughTheTestPasses() throws Exception {
    assertThat(run("isTraced").succeeded().count()).isEqualTo(1);
    assertThat(Files.size(Path.of("target/smmulator/Suite.isTraced/trace.perfetto-trace")))
        .isGreaterThan(1000);
  }

  // ---- seeds, scenarios, and several at once

  /** Runs under seeds. */
  static final class Seeds {
    @Schedules(count = 5)
    void fails(@Board("virt") Machine machine) {
      throw new AssertionError(machine.board().model());
    }
  }

  @Test
  void oneSeedAloneIsRunAgain() {
    Events tests =
        SuiteRun.all(Seeds.class).configurationParameter(TestRun.SEED, "3").execute().testEvents();

    assertThat(tests.failed().count()).isEqualTo(1);
    Throwable failure = SuiteRun.failure(tests);
    assertThat(failure.getSuppressed()[0]).hasMessageThat().endsWith("-Dsmmulator.seed=3");
  }

  /** Scenario files of two kinds of verdict, and one that comes with smmulator. */
  static final class ScenarioSuite {
    @ScenarioTest({"src/test/resources/org/smmulator/junit/scenarios", "two-processes"})
    void scenarios() {}
  }

  @Test
  void eachScenarioFileIsATest() {
    Events tests = SuiteRun.of(ScenarioSuite.class);

    assertThat(tests.succeeded().count()).isEqualTo(2);
    assertThat(tests.failed().count()).isEqualTo(1);
    assertThat(SuiteRun.failure(tests)).hasMessageThat().contains("wrong.yaml:7:7: expect of p");
    assertThat(SuiteRun.failure(tests).getSuppressed()[0])
        .hasMessageThat()
        .endsWith(
            "to run it again: smmulator run"
                + " src/test/resources/org/smmulator/junit/scenarios/wrong.yaml --board db845c");
  }

  /** Scenarios that meet what their files do not speak of. */
  static final class StrayingScenarios {
    static final String STRAYS = "src/test/resources/org/smmulator/junit/straying/strays.yaml";
    static final String WARNED = "src/test/resources/org/smmulator/junit/straying/warned.yaml";
    static final String SAYS_SO = "src/test/resources/org/smmulator/junit/straying/says-so.yaml";

    @ScenarioTest(STRAYS)
    @Seed(3)
    @Set("iommu.strict=0")
    void strays() {}

    @ScenarioTest(SAYS_SO)
    void saysSoInTheScenario() {}

    @ScenarioTest(STRAYS)
    @ExpectFault
    @Trace
    void saysSoInTheTest() {}

    @ScenarioTest("two-processes")
    @ExpectFault
    void doesNotStray() {}

    @ScenarioTest("two-processes")
    @ExpectWarning("anything")
    void isNotWarned() {}

    @ScenarioTest(WARNED)
    void isWarnedAsTheScenarioSays() {}

    @ScenarioTest(WARNED)
    @ExpectWarning("anything")
    void isWarnedOfSomethingElse() {}
  }

  @Test
  void aScenarioFailsOnFaultsThatNeitherItNorItsTestSpeakOf() throws Exception {
    Events strays = SuiteRun.of(StrayingScenarios.class, "strays");

    assertThat(SuiteRun.failure(strays)).hasMessageThat().contains("see @ExpectFault");
    assertThat(SuiteRun.failure(strays).getSuppressed()[0])
        .hasMessageThat()
        .endsWith(StrayingScenarios.STRAYS + " --board db845c --seed 3 --set iommu.strict=0");
    assertThat(dataOf(Path.of("target/smmulator/StrayingScenarios.strays.1/report.html")))
        .contains("writes where nothing is mapped");
    for (String test :
        List.of("saysSoInTheScenario", "saysSoInTheTest", "isWarnedAsTheScenarioSays")) {
      Events tests = SuiteRun.of(StrayingScenarios.class, test);
      assertWithMessage(test).that(tests.succeeded().count()).isEqualTo(1);
    }
  }

  @Test
  void aScenarioThatMeetsNothingFailsATestThatExpectsIt() {
    assertThat(SuiteRun.failure(SuiteRun.of(StrayingScenarios.class, "doesNotStray")))
        .hasMessageThat()
        .contains("no access was refused");
    for (String test : List.of("isNotWarned", "isWarnedOfSomethingElse")) {
      assertThat(SuiteRun.failure(SuiteRun.of(StrayingScenarios.class, test)))
          .hasMessageThat()
          .contains("the kernel did not warn of 'anything'");
    }
  }

  @Test
  void aScenarioIsTracedIfItsTestAsksForIt() throws Exception {
    assertThat(SuiteRun.of(StrayingScenarios.class, "saysSoInTheTest").failed().count())
        .isEqualTo(0);
    Path folder = Path.of("target/smmulator/StrayingScenarios.saysSoInTheTest.1");
    assertThat(Files.size(folder.resolve("trace.perfetto-trace"))).isGreaterThan(1000);
  }

  @Test
  void testsInParallelDoNotDisturbEachOther() {
    Events tests =
        SuiteRun.all(Suite.class)
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
            .execute()
            .testEvents();

    assertThat(tests.succeeded().count()).isEqualTo(5);
    assertThat(tests.failed().count()).isEqualTo(7);
  }

  private static Events run(String test) {
    return SuiteRun.of(Suite.class, test);
  }

  private static Throwable failure(String test) {
    return SuiteRun.failure(run(test));
  }

  /** The texts of a page, which are packed in it. */
  private static String dataOf(Path page) throws IOException {
    String packed = Files.readString(page).replaceAll("(?s).*id=\"data\">|</script>.*", "");
    try (InputStream data =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      return new String(data.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
