package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Test;

/** The declarations of the language carry all that a reference needs. */
class LanguageTest {
  private final Language language = Language.installed();

  @Test
  void everyFormSaysWhatItIsAndSoDoesEachOfItsFields() {
    for (Form form : forms()) {
      assertWithMessage(form.keyword()).that(form.sentence()).matches("[A-Z].*\\.");
      for (FormField<?> field : form.fields()) {
        String where = "%s of %s".formatted(field.name(), form.keyword());
        assertWithMessage(where).that(field.sentence()).matches("[A-Z].*\\.");
        assertWithMessage(where).that(field.type().words()).isNotEmpty();
        assertWithMessage(where).that(field.type().example()).isNotEmpty();
      }
    }
  }

  @Test
  void keywordsAndFieldNamesAreUnique() {
    assertUnique("steps", language.steps().forms().stream().map(Form::keyword).toList());
    assertUnique("expectations", language.expectations().stream().map(Form::keyword).toList());
    for (Form form : forms()) {
      assertUnique(form.keyword(), form.fields().stream().map(FormField::name).toList());
    }
  }

  @Test
  void aFieldWithADefaultIsNotRequired() {
    for (Form form : forms()) {
      for (FormField<?> field : form.fields()) {
        assertThat(field.required() && field.fallback() != null).isFalse();
      }
    }
  }

  @Test
  void onlyStepsWithAResultCanNameIt() {
    for (StepType step : language.steps().forms()) {
      boolean named = step.fields().contains(StepType.AS);
      assertWithMessage(step.keyword()).that(named).isEqualTo(step.yields() != null);
    }
  }

  @Test
  void timesAndSizesHaveTheirUnit() {
    assertThat(Scalar.SIZE.unit()).isEqualTo("bytes");
    assertThat(Scalar.DURATION.unit()).isEqualTo("ns");
  }

  @Test
  void aMessageNamesTheStepsThatGiveAKind() {
    assertThat(language.makersOf(Kind.DESCRIPTOR, Side.USER))
        .isEqualTo(
            "open, dup, eventfd, syncobj_export, sync_merge, dma_buf_export_sync_file,"
                + " uevent_socket or another");
    assertThat(language.makersOf(Kind.BUFFER, Side.USER))
        .isEqualTo("mmap, create_dumb, gem_new, prime_import, gem_open or gem_create");
    assertThat(language.makersOf(Kind.NUMBER, Side.USER))
        .isEqualTo(
            "read, poll, write_file, syncobj_query, sync_info, gem_flink, map_dumb or another");
    assertThat(language.makersOf(Kind.NUMBER, Side.KERNEL))
        .isEqualTo("device_read, map_sg, unmap, page_sizes, count or task_unmap");
  }

  @Test
  void eachExpectationBeginsWithItsSubject() {
    for (ExpectationType type : language.expectations()) {
      assertThat(type.fields().getFirst().name()).isEqualTo(type.keyword());
      assertThat(type.fields().getFirst().required()).isTrue();
    }
  }

  private ImmutableList<Form> forms() {
    return ImmutableList.<Form>builder()
        .addAll(language.steps().forms())
        .addAll(language.expectations())
        .build();
  }

  private static void assertUnique(String where, Iterable<String> words) {
    assertWithMessage(where)
        .that(ImmutableSet.copyOf(words))
        .hasSize(ImmutableList.copyOf(words).size());
  }
}
