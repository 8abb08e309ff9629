package org.smmulator.report.debate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.BundledFiles;
import org.smmulator.machine.input.Nearest;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The arguments that come with the program. */
public final class Debates {
  private final BundledFiles files = new BundledFiles(Debates.class, "debates", ".yaml");

  /** Their names, sorted. */
  public ImmutableList<String> names() {
    return files.names();
  }

  /**
   * Reads one.
   *
   * @throws BadInputException if there is none of that name
   */
  public Debate load(String name) throws BadInputException {
    String text = files.text(name);
    if (text == null) {
      throw new BadInputException(
          "there is no debate '%s'".formatted(name), Nearest.cure(name, names()));
    }
    Object read = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
    return new ObjectMapper().convertValue(read, Debate.class);
  }
}
