package org.smmulator.architecture;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The text of the house obeys, and each rule catches the offender planted for it. */
class SourceRulesTest {
  private final ImmutableList<Source> main = Source.ofEveryModule("main");
  private final ImmutableList<Source> everything =
      Stream.of("main", "test", "jmh")
          .flatMap(set -> Source.ofEveryModule(set).stream())
          .filter(source -> !source.name().contains("/planted/"))
          .collect(ImmutableList.toImmutableList());
  private final ImmutableList<Source> planted =
      Source.below(
          Source.REPOSITORY.resolve(
              Path.of("integration-tests/src/test/java/org/smmulator/architecture/planted")));

  @Test
  void javadocsHaveASubject() {
    assertWithMessage(
            "A Javadoc opens with a subject, a verb and a fact, not with What, Where, Who, It,"
                + " Nobody, Nothing or Whether")
        .that(SourceRules.riddles(main))
        .isEmpty();
  }

  @Test
  void aRiddleIsCaught() {
    assertThat(SourceRules.riddles(planted)).isNotEmpty();
  }

  @Test
  void doorsOfSoftwareSpeak() {
    assertWithMessage("Add to the package-info a paragraph \"Threads: ...\" and so on")
        .that(SourceRules.silentDoors(main))
        .isEmpty();
  }

  @Test
  void aSilentDoorIsCaught() {
    assertThat(SourceRules.silentDoors(planted)).isNotEmpty();
  }

  @Test
  void whatNoSourceSaysIsTagged() {
    assertWithMessage(
            "Find it in Linux or a manual and cite that; else write '@implNote Unverified: ...'"
                + " at the end of the Javadoc")
        .that(SourceRules.unsourced(everything))
        .isEmpty();
  }

  @Test
  void aSentenceFromGeneralKnowledgeIsCaught() {
    assertThat(SourceRules.unsourced(planted)).isNotEmpty();
  }

  @Test
  void citedNamesOfTheKernelExist() {
    assertWithMessage(
            "Look each name up in Linux 7.1.5 and add a line to kernel-names.tsv: the name, a tab,"
                + " the file that defines it, or history and when it went")
        .that(SourceRules.unknownNames(everything, KernelNames.known().keySet()))
        .isEmpty();
  }

  @Test
  void aNameThatTheKernelHasNotIsCaught() {
    assertThat(SourceRules.unknownNames(planted, KernelNames.known().keySet())).isNotEmpty();
  }

  @Test
  void theListOfKernelNamesHasNoOther() {
    ImmutableSet<String> cited =
        everything.stream().flatMap(KernelNames::citedIn).collect(ImmutableSet.toImmutableSet());

    assertWithMessage("Nobody cites these any more: take them out of kernel-names.tsv")
        .that(KernelNames.known().keySet().stream().filter(name -> !cited.contains(name)).toList())
        .isEmpty();
  }
}
