package org.smmulator.script;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/** One of several forms by its keyword: {@code {mem_write: {at: canvas, value: 1}}}. */
public final class Choice<F extends Form> extends FieldType<Phrase<F>> {
  private final String noun;
  private final String onlyOne;
  private final ImmutableList<F> forms;

  /**
   * Makes a choice among {@code forms}.
   *
   * @param noun what each of them is, without an article: {@code step}
   * @param onlyOne the cure for a mapping with several keys
   */
  public Choice(String noun, String onlyOne, ImmutableList<F> forms) {
    super("a " + noun, "", "{%s: ...}".formatted(forms.getFirst().keyword()));
    this.noun = noun;
    this.onlyOne = onlyOne;
    this.forms = forms;
  }

  /** The forms to choose from. */
  @Override
  public ImmutableList<F> forms() {
    return forms;
  }

  @Override
  Phrase<F> read(YamlValue entry, Scope scope) throws ScenarioException {
    Fields outer = entry.mapping(words());
    if (outer.keys().size() != 1) {
      throw outer.wrong("%s has one key, not %d".formatted(words(), outer.keys().size()), onlyOne);
    }
    String keyword = outer.keys().get(0);
    for (F form : forms) {
      if (form.keyword().equals(keyword)) {
        return new Phrase<>(outer.placeOfKey(keyword), form, read(form, outer, scope));
      }
    }
    ScenarioException unknown =
        outer.unknown(
            keyword,
            "there is no %s '%s'".formatted(noun, keyword),
            forms.stream().map(Form::keyword).toList());
    throw forms.getFirst().hasPage() ? unknown.seeing("") : unknown;
  }

  private Args read(F form, Fields outer, Scope scope) throws ScenarioException {
    try {
      return form.read(outer.require(form.keyword()), scope);
    } catch (ScenarioException e) {
      throw form.hasPage() ? e.seeing(form.keyword()) : e;
    }
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return definitions.refer(
        this,
        noun,
        () ->
            JsonSchema.choice(
                definitions.taken(forms).stream()
                    .collect(
                        toImmutableMap(
                            Form::keyword,
                            form -> form.schema(noun + "." + form.keyword(), definitions)))));
  }
}
