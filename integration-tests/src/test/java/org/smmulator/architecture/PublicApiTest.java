package org.smmulator.architecture;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSortedSet.toImmutableSortedSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Iterables;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.msm.Gpu;

/** The public API, type by type: who makes it larger or smaller says so in a list. */
class PublicApiTest {
  private static final Path LIST = Path.of("docs", "public-api.txt");
  private static final ImmutableList<String> MODULES =
      ImmutableList.of("kernel-core", "iommu", "drm-msm", "drm-exynos", "userspace-sim");
  private static final Path GUIDE = Path.of("..", "docs", "embed.md");
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.smmulator");

  /** A test's methods name a {@link Machine} only to hand it on: its own signatures lead inside. */
  @Test
  void theApiIsWhatItsListSays() throws IOException {
    ImmutableSortedSet<String> api =
        new PublicApi(HOUSE, "org.smmulator").behind("org.smmulator.junit", Gpu.class.getName());

    assertThat(listed())
        .containsExactlyElementsIn(
            ImmutableSortedSet.<String>naturalOrder()
                .addAll(api)
                .add(Machine.class.getName())
                .build())
        .inOrder();
  }

  @Test
  void theGuideNamesEveryPackageOfTheApi() throws IOException {
    String guide = Files.readString(GUIDE);
    for (String door : packages()) {
      assertWithMessage(GUIDE.toString()).that(guide).contains("`" + door + "`");
    }
  }

  @Test
  void belowTheClientsOnlyErrorsLayoutsAndMemoryAreApi() {
    ImmutableList<String> below =
        listed().stream()
            .filter(
                name -> !name.matches("org\\.smmulator\\.(junit|userspace|machine|report)\\..*"))
            .map(name -> name.replaceAll("\\.[A-Z].*", ""))
            .distinct()
            .collect(toImmutableList());

    assertThat(below)
        .containsExactly(
            "org.smmulator.hw.dram",
            "org.smmulator.kernel.errno",
            "org.smmulator.uapi",
            "org.smmulator.uapi.drm",
            "org.smmulator.uapi.msm");
  }

  @Test
  void theDoorOfEveryModuleSaysWhatIsPublic() throws IOException {
    for (String module : MODULES) {
      Path door = Path.of("..", module, "README.md");
      assertWithMessage("%s", door).that(Files.readString(door)).contains("\nPublic API: ");
    }
  }

  @Test
  void theDoorOfEveryPackageSaysWhetherItIsPublic() throws IOException {
    ImmutableSortedSet<String> api = packages();
    for (String module : Iterables.concat(MODULES, ImmutableList.of("integration-tests"))) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (Path door : files.filter(each -> each.endsWith("package-info.java")).toList()) {
          String text = Files.readString(door);
          boolean isPublic =
              api.stream().anyMatch(name -> text.contains("\npackage " + name + ";"));
          assertWithMessage("%s", door)
              .that(text)
              .contains(isPublic ? "Public API" : "<p>Not public API: ");
        }
      }
    }
  }

  private static ImmutableSortedSet<String> packages() {
    return listed().stream()
        .map(name -> name.replaceAll("\\.[A-Z].*", ""))
        .collect(toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private static ImmutableList<String> listed() {
    try {
      return ImmutableList.copyOf(Files.readAllLines(LIST));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
