package org.smmulator.architecture;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The text of the house obeys, and each rule catches the offender planted for it. */
class SourceRulesTest {
  /** Javadocs that open with a riddle. The number only falls. */
  private static final int RIDDLES = 520;

  /** Files that say "general knowledge". The number only falls. */
  private static final int UNSOURCED = 35;

  /** Citations whose name is not in the list. The number only falls. */
  private static final int UNLISTED = 60;

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
    ImmutableList<String> riddles = SourceRules.riddles(main);

    assertWithMessage(
            "A Javadoc opens with a subject, a verb and a fact, not with What, Where, Who, It,"
                + " Nobody, Nothing or Whether:\n%s",
            String.join("\n", riddles))
        .that(riddles.size())
        .isAtMost(RIDDLES);
  }

  @Test
  void aRiddleIsCaught() {
    assertThat(SourceRules.riddles(planted)).isNotEmpty();
  }

  @Test
  void doorsOfSoftwareSpeak() {
    assertWithMessage("Add to the package-info a paragraph \"Threads: ...\" and so on")
        .that(
            SourceRules.silentDoors(main).stream()
                .filter(offence -> !KnownOffences.has("doors of software speak", offence))
                .toList())
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
        .that(SourceRules.unsourced(everything).size())
        .isAtMost(UNSOURCED);
  }

  @Test
  void aSentenceFromGeneralKnowledgeIsCaught() {
    assertThat(SourceRules.unsourced(planted)).isNotEmpty();
  }

  @Test
  void citedNamesOfTheKernelExist() {
    ImmutableList<String> unknown =
        SourceRules.unknownNames(everything, KernelNames.known().keySet());

    assertWithMessage(
            "Look each name up in Linux 7.1.5 and add a line to kernel-names.tsv: the name, a tab,"
                + " the file that defines it, or history and when it went:\n%s",
            String.join("\n", unknown))
        .that(unknown.size())
        .isAtMost(UNLISTED);
  }

  @Test
  void aNameThatTheKernelHasNotIsCaught() {
    assertThat(SourceRules.unknownNames(planted, KernelNames.known().keySet())).isNotEmpty();
  }
}
