package org.smmulator.architecture;

import static com.google.common.truth.Truth.assertWithMessage;
import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.google.common.collect.ImmutableMap;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each rule holds in the house, and each rule catches the offender planted for it. */
class HouseRulesTest {
  private static final String PLANTED = "org.smmulator.architecture.planted";
  private static final int TYPES_A_PACKAGE = 40;

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.smmulator")
          .that(describe("are written by people", type -> !writtenByDagger(type)));
  private final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

  @TestFactory
  Stream<DynamicTest> theHouseObeys() {
    return tests(
        new HouseRules("org.smmulator", TYPES_A_PACKAGE),
        (name, rule) -> rule.allowEmptyShould(true).check(house));
  }

  @TestFactory
  Stream<DynamicTest> aPlantedOffenderIsCaught() {
    return tests(
        new HouseRules(PLANTED, 1),
        (name, rule) ->
            assertWithMessage("%s found nothing wrong", name)
                .that(rule.evaluate(planted).hasViolation())
                .isTrue());
  }

  private static Stream<DynamicTest> tests(HouseRules rules, BiConsumer<String, ArchRule> test) {
    return rules(rules).entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(), () -> test.accept(rule.getKey(), rule.getValue())));
  }

  private static boolean writtenByDagger(JavaClass type) {
    return type.isAnnotatedWith("dagger.internal.DaggerGenerated")
        || type.getEnclosingClass().filter(HouseRulesTest::writtenByDagger).isPresent();
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
        .put("a simple name exists once", rules.aSimpleNameExistsOnce())
        .put("no driver outside its rooms in the faces", rules.noDriverOutsideItsRoomsInTheFaces())
        .put("software uses few types of the bus", rules.softwareUsesFewTypesOfTheBus())
        .put("a package has few types", rules.aPackageHasFewTypes())
        .put("a constructor takes few booleans", rules.aConstructorTakesFewBooleans())
        .put(
            "values of a switch are nested in its interface",
            rules.valuesOfASwitchAreNestedInItsInterface())
        .put(
            "public types live in documented packages", rules.publicTypesLiveInDocumentedPackages())
        .buildOrThrow();
  }
}
