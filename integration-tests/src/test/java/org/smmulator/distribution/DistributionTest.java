package org.smmulator.distribution;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.oracle.OracleImage;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A user without rights runs it where there is no JDK, nothing can be written and 64 MiB are
 * shared.
 */
@Tag("containers")
class DistributionTest {
  private static final String NOBODY = "65534:65534";
  private static final String VERDICT = "ok: 7 expectations, 2 jobs, 2 pagetable switches";
  private static final String[] SUITE = {
    "test", "--jobs", "2", "two-processes", "one-device-one-driver"
  };
  private static final long SHARED_MEMORY_BYTES = 64L << 20;

  /** Tests run in their module's folder. */
  private static final Path BUILT = Path.of("..", "userspace-sim", "target");

  @TempDir Path temp;

  @Test
  void theArchiveRunsAScenario() throws Exception {
    assertThat(runArchive("run", "two-processes")).contains(VERDICT);
  }

  @Test
  void theArchiveRunsASuiteInJvmsOfItsOwn() throws Exception {
    assertThatTheSuitePasses(runArchive(SUITE));
  }

  @Test
  void theImageRunsAScenario() throws Exception {
    assertThat(runImage("run", "two-processes")).contains(VERDICT);
  }

  @Test
  void theImageRunsASuiteInJvmsOfItsOwn() throws Exception {
    assertThatTheSuitePasses(runImage(SUITE));
  }

  private static void assertThatTheSuitePasses(String ktap) {
    assertThat(ktap).containsMatch("(?m)^ok 1 two-processes");
    assertThat(ktap).containsMatch("(?m)^ok 2 one-device-one-driver");
  }

  @Test
  void theImageHasNothingButTheProgramItsRuntimeAndACLibrary() throws Exception {
    OciImage image = OciImage.unpack(builtFile("smmulator-image.tar"), temp);

    assertThat(image.user()).isEqualTo(NOBODY);
    assertThat(namesIn(image.root())).containsExactly("app", "lib", "lib64", "runtime", "tmp");
    assertThat(namesIn(image.root().resolve("lib64"))).containsExactly("ld-linux-x86-64.so.2");
  }

  private String runArchive(String... arguments) throws Exception {
    Tar.unpack(builtFile("smmulator-*.tar.gz"), temp);
    Path unpacked = Iterables.getOnlyElement(listing(temp, "smmulator-*"));
    ImmutableList<String> command =
        ImmutableList.<String>builder().add("/opt/smmulator/bin/smmulator").add(arguments).build();
    Bind readOnly = Bind.parse(unpacked + ":/opt/smmulator:ro");
    Consumer<CreateContainerCmd> asNobody =
        cmd -> {
          cmd.withUser(NOBODY);
          requireNonNull(cmd.getHostConfig()).withBinds(readOnly);
        };
    try (GenericContainer<?> container = bare(OracleImage.name(), command, asNobody)) {
      return outputOf(container);
    }
  }

  private String runImage(String... arguments) throws Exception {
    OciImage image = OciImage.unpack(builtFile("smmulator-image.tar"), temp);
    String name = "smmulator/distribution";
    Host.run("docker", "import", Tar.of(image.root(), temp).toString(), name);
    Consumer<CreateContainerCmd> asConfigured =
        cmd ->
            cmd.withUser(image.user())
                .withEnv(image.environment())
                .withEntrypoint(image.entrypoint());
    try (GenericContainer<?> container = bare(name + ":latest", List.of(arguments), asConfigured)) {
      return outputOf(container);
    }
  }

  private static GenericContainer<?> bare(
      String image, List<String> command, Consumer<CreateContainerCmd> modifier) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withImagePullPolicy(any -> false)
        .withNetworkMode("none")
        .withSharedMemorySize(SHARED_MEMORY_BYTES)
        .withCommand(command.toArray(String[]::new))
        .withCreateContainerCmdModifier(cmd -> {
          requireNonNull(cmd.getHostConfig()).withReadonlyRootfs(true);
          modifier.accept(cmd);
        })
        .withStartupCheckStrategy(
            new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(2)));
  }

  /** Starting fails if the program's exit code is not 0. */
  private static String outputOf(GenericContainer<?> container) {
    container.start();
    return container.getLogs();
  }

  private static Path builtFile(String glob) throws IOException {
    List<Path> files = listing(BUILT, glob);
    assertWithMessage("what `mvn -Pdist package` makes: %s", glob).that(files).hasSize(1);
    return files.get(0).toAbsolutePath().normalize();
  }

  private static ImmutableList<Path> listing(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, glob)) {
      return ImmutableList.copyOf(paths);
    }
  }

  private static ImmutableList<String> namesIn(Path folder) throws IOException {
    return listing(folder, "*").stream()
        .map(path -> path.getFileName().toString())
        .collect(ImmutableList.toImmutableList());
  }
}
