package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every input that is kept is answered as it may be, also where no fuzzer is at hand. */
class CorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/org/smmulator/fuzz");

  @TestFactory
  List<DynamicNode> everyInputIsAnswered() throws IOException {
    List<DynamicNode> targets = new ArrayList<>();
    for (FuzzTarget target : FuzzTarget.values()) {
      List<DynamicTest> inputs = new ArrayList<>();
      for (Path input : target.inputs(CORPUS)) {
        inputs.add(
            dynamicTest(
                input.getFileName().toString(),
                () -> target.reader().read(Files.readAllBytes(input))));
      }
      assertThat(inputs).isNotEmpty();
      targets.add(dynamicContainer(target.name(), inputs));
    }
    return targets;
  }
}
