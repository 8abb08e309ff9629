package org.smmulator.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rules for every class of the house. {@code root} is {@code org.smmulator}, or the package of an
 * offender that was planted to show that a rule can fail. {@code typesAPackage} is the most
 * top-level types that a package may have.
 */
final class HouseRules {
  private static final int BOOLEANS_A_CONSTRUCTOR = 2;
  private static final Pattern DRIVER_ROOM =
      Pattern.compile("\\.(msm|exynos)(\\.|$)|\\.machine\\.silicon(\\.|$)");
  private static final Pattern DRIVER_MODULE =
      Pattern.compile("\\.machine\\.kernel\\.(Msm|Exynos)Module");
  private static final Pattern DRIVER_NAME = Pattern.compile("^(Msm|Adreno|A\\dxx|Exynos)");
  private static final ImmutableList<String> BUS_OF_SOFTWARE =
      ImmutableList.of(
          "Doorbell",
          "ExternalAbort",
          "IrqPin",
          "Mmio",
          "SecureMonitor",
          "SystemBus",
          "Timebase",
          "Translator",
          "Wire");

  private final String root;
  private final int typesAPackage;

  HouseRules(String root, int typesAPackage) {
    this.root = root;
    this.typesAPackage = typesAPackage;
  }

  /** Software knows of hardware only the bus, the register maps and bytes. */
  ArchRule softwareReachesHardwareOverTheLineOnly() {
    return noClasses()
        .that()
        .resideInAnyPackage(software())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + ".hw..")
                .and(
                    resideOutsideOfPackages(
                        root + ".hw.bus..", root + ".hw.reg..", root + ".hw.dram..")))
        .because("drivers and models share registers, interrupts and bytes, and nothing else");
  }

  /** Hardware knows no kernel object. */
  ArchRule hardwareKnowsNoSoftware() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".hw..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            root + ".kernel..",
            root + ".trace..",
            root + ".dmabuf..",
            root + ".drm..",
            root + ".iommu..",
            root + ".engines..",
            root + ".uapi..",
            root + ".machine..",
            root + ".userspace..",
            root + ".script..",
            root + ".report..",
            root + ".cli..")
        .because("silicon does not know what runs on it");
  }

  /** Layouts have no behaviour, so they need nobody. */
  ArchRule layoutsDependOnNothing() {
    return noClasses()
        .that()
        .resideInAnyPackage(root + ".regs..", root + ".uapi..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + "..")
                .and(
                    resideOutsideOfPackages(
                        root + ".regs..", root + ".uapi..", root + ".hw.reg..")))
        .because("both sides share them");
  }

  /** Modules see only what is below them. */
  ArchRule kernelCoreKnowsNoIommuAndDriversDoNotKnowEachOther() {
    return noClasses()
        .that(
            resideInAnyPackage(root + ".kernel..", root + ".trace..", root + ".dmabuf..")
                .or(drmCore()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            root + ".iommu..", root + ".engines..", root + ".drm.msm..", root + ".drm.exynos..")
        .because("kernel-core <- iommu <- drivers");
  }

  ArchRule msmAndExynosDoNotSeeEachOther() {
    return noClasses()
        .that()
        .resideInAnyPackage("..msm..", "..adreno..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..drm.exynos..", "..uapi.exynos..", "..g2d..", "..decon..", "..display..")
        .because("they meet in the machine only");
  }

  /** A client does system calls on UAPI structs and nothing else. */
  ArchRule clientsSeeSystemCallsAndUapiOnly() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".userspace..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + "..")
                .and(
                    resideOutsideOfPackages(
                        root + ".userspace..",
                        root + ".uapi..",
                        root + ".regs..",
                        root + ".kernel.process..",
                        root + ".kernel.errno..")))
        .because("what a client can do, any client can do");
  }

  /** The point of 2017 was to spare the GPU driver the formats. */
  ArchRule drmDriversImportNoPageTableFormat() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".drm..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".iommu.pgtable..")
        .because("a DRM driver maps through its token");
  }

  ArchRule packagesHaveNoCycles() {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a room is read after the rooms that it needs");
  }

  ArchRule noStaticState() {
    return fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .andShould()
        .notHaveRawType(mutableContainer())
        .because("two machines run in one JVM and share nothing");
  }

  ArchRule threadsLiveInTheSchedulerOnly() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("org.smmulator.kernel.task..")
        .should()
        .dependOnClassesThat(
            describe(
                "are Java threads or java.util.concurrent",
                c ->
                    c.isEquivalentTo(Thread.class)
                        || c.isEquivalentTo(ThreadLocal.class)
                        || c.getPackageName().startsWith("java.util.concurrent")))
        .because("one baton decides who runs");
  }

  ArchRule nobodySynchronizes() {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods()
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .because("one baton decides who runs");
  }

  ArchRule noWallClockAndNoUnseededRandomness() {
    return noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callConstructor(java.util.SplittableRandom.class)
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .because("the same seed gives the same bytes");
  }

  /** An errno becomes a number where a system call returns, and there only. */
  ArchRule errnoBecomesANumberAtTheSyscallBoundaryOnly() {
    return noClasses()
        .that()
        .resideOutsideOfPackages("org.smmulator.kernel.process..", "org.smmulator.kernel.errno..")
        .should()
        .callMethod(org.smmulator.kernel.errno.Errno.class, "asReturnValue")
        .because("elsewhere an error is an exception");
  }

  ArchRule configurationIsReadInTheMachineOnly() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            root + ".machine..", root + ".cli..", root + ".script..", root + ".junit..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("KernelConfig")
        .because("a switch picks one implementation of one interface, in the wiring");
  }

  ArchRule daggerStaysInTheMachine() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + ".machine..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dagger..")
        .because("every class can be built with new in a test");
  }

  ArchRule aSimpleNameExistsOnce() {
    return topLevelTypes()
        .should(new NameOfItsOwn())
        .because("a name in a sentence means one class");
  }

  /** A second driver moves in beside the first, and no face is rebuilt for it. */
  ArchRule noDriverOutsideItsRoomsInTheFaces() {
    return noClasses()
        .that(
            resideInAnyPackage(
                root + ".machine..",
                root + ".userspace..",
                root + ".script..",
                root + ".report..",
                root + ".cli.."))
        .and(describe("are of the house in common", type -> !inARoomOfADriver(type)))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                root + ".drm.msm..",
                root + ".uapi.msm..",
                root + ".regs.adreno..",
                root + ".hw.adreno..",
                root + ".drm.exynos..",
                root + ".uapi.exynos.."))
        .orShould(bearTheNameOfADriver())
        .because(
            "what knows a driver stands in a room of its name (script.msm, report.msm), in its"
                + " module of machine.kernel or in machine.silicon");
  }

  /** Wires between models are the models' own; software holds what a bus shows a CPU. */
  ArchRule softwareUsesFewTypesOfTheBus() {
    return noClasses()
        .that()
        .resideInAnyPackage(software())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + ".hw.bus..")
                .and(
                    describe(
                        "are for models alone",
                        type -> !BUS_OF_SOFTWARE.contains(outermost(type).getSimpleName()))))
        .because("software knows of the bus only " + String.join(", ", BUS_OF_SOFTWARE));
  }

  ArchRule aPackageHasFewTypes() {
    return topLevelTypes()
        .should(new UncrowdedPackage(typesAPackage))
        .because("a room is read in one sitting");
  }

  ArchRule aConstructorTakesFewBooleans() {
    return constructors()
        .should(new FewBooleans(BOOLEANS_A_CONSTRUCTOR))
        .because("true, false, true, true says nothing");
  }

  ArchRule valuesOfASwitchAreNestedInItsInterface() {
    return fields()
        .that()
        .areStatic()
        .and()
        .haveRawType(describe("Switch", type -> type.getSimpleName().equals("Switch")))
        .should(new ValuesInOneFile())
        .because("an argument is read in one file, side by side");
  }

  ArchRule publicTypesLiveInDocumentedPackages() {
    return classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should(new LivesInADocumentedPackage())
        .because("a newcomer enters a room by its door");
  }

  /** Top-level types, without doors. */
  private static GivenClassesConjunction topLevelTypes() {
    return classes().that().areTopLevelClasses().and().doNotHaveSimpleName("package-info");
  }

  private static boolean inARoomOfADriver(JavaClass type) {
    return DRIVER_ROOM.matcher(type.getPackageName()).find()
        || DRIVER_MODULE.matcher(outermost(type).getName()).find();
  }

  private static ArchCondition<JavaClass> bearTheNameOfADriver() {
    return have(
        describe(
            "a driver's name",
            type -> DRIVER_NAME.matcher(outermost(type).getSimpleName()).find()));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(HouseRules::outermost).orElse(type);
  }

  private String[] software() {
    return new String[] {
      root + ".kernel..",
      root + ".trace..",
      root + ".dmabuf..",
      root + ".drm..",
      root + ".iommu..",
      root + ".engines..",
      root + ".userspace.."
    };
  }

  private DescribedPredicate<JavaClass> drmCore() {
    return resideInAnyPackage(root + ".drm..")
        .and(resideOutsideOfPackages(root + ".drm.msm..", root + ".drm.exynos.."));
  }

  private static DescribedPredicate<JavaClass> mutableContainer() {
    return describe(
        "a container that can change",
        c ->
            (c.isAssignableTo(Collection.class) || c.isAssignableTo(Map.class))
                && !c.isAssignableTo(ImmutableCollection.class)
                && !c.isAssignableTo(ImmutableMap.class));
  }
}
