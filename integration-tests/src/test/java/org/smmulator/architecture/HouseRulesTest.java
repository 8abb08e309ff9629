package org.smmulator.architecture;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each rule holds in the house, and each rule catches the offender planted for it. */
class HouseRulesTest {
  private static final String PLANTED = "org.smmulator.architecture.planted";

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dagger/"))
          .importPackages("org.smmulator");
  private final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

  @TestFactory
  Stream<DynamicTest> theHouseObeys() {
    return rules(new HouseRules("org.smmulator")).entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(), () -> rule.getValue().allowEmptyShould(true).check(house)));
  }

  @TestFactory
  Stream<DynamicTest> aPlantedOffenderIsCaught() {
    return rules(new HouseRules(PLANTED)).entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(),
                () ->
                    assertWithMessage("%s found nothing wrong", rule.getKey())
                        .that(rule.getValue().evaluate(planted).hasViolation())
                        .isTrue()));
  }

  private static ImmutableMap<String, ArchRule> rules(HouseRules rules) {
    return ImmutableMap.<String, ArchRule>builder()
        .put(
            "software reaches hardware over the line only",
            rules.softwareReachesHardwareOverTheLineOnly())
        .put("hardware knows no software", rules.hardwareKnowsNoSoftware())
        .put("layouts depend on nothing", rules.layoutsDependOnNothing())
        .put(
            "kernel-core is below iommu and the drivers",
            rules.kernelCoreKnowsNoIommuAndDriversDoNotKnowEachOther())
        .put("msm and exynos do not see each other", rules.msmAndExynosDoNotSeeEachOther())
        .put("clients see system calls and uapi only", rules.clientsSeeSystemCallsAndUapiOnly())
        .put("DRM drivers import no page-table format", rules.drmDriversImportNoPageTableFormat())
        .put("packages have no cycles", rules.packagesHaveNoCycles())
        .put("no static state", rules.noStaticState())
        .put("threads live in the scheduler only", rules.threadsLiveInTheSchedulerOnly())
        .put("nobody synchronizes", rules.nobodySynchronizes())
        .put("no wall clock, no unseeded randomness", rules.noWallClockAndNoUnseededRandomness())
        .put(
            "errno becomes a number at the syscall boundary only",
            rules.errnoBecomesANumberAtTheSyscallBoundaryOnly())
        .put(
            "KernelConfig is read in the machine only", rules.configurationIsReadInTheMachineOnly())
        .put("dagger stays in the machine", rules.daggerStaysInTheMachine())
        .put(
            "public types live in documented packages", rules.publicTypesLiveInDocumentedPackages())
        .buildOrThrow();
  }
}
