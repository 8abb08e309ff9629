package org.smmulator.architecture;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Rules for the text of the sources. Each answers with the offences against it. */
final class SourceRules {
  private static final Pattern RIDDLE =
      Pattern.compile("^(What|Where|Who|Whoever|It|Nobody|Nothing|Whether)\\b");
  private static final Pattern GENERAL_KNOWLEDGE = Pattern.compile("(?i)general knowledge");
  private static final Pattern SOFTWARE =
      Pattern.compile("/org/smmulator/(.*/planted/)?(kernel|trace|dmabuf|drm|iommu)/");
  private static final ImmutableMap<String, Pattern> SAID_AT_A_DOOR =
      ImmutableMap.of(
          "where to start", Pattern.compile("\\b[Ss]tart (at|with)\\b"),
          "what is left out, and why", Pattern.compile("\\b[Ll]eft out\\b"),
          "who may call from which context", Pattern.compile("\\bThreads:"));

  private SourceRules() {}

  /** Javadocs without a subject: what they open with is to be guessed. */
  static ImmutableList<String> riddles(ImmutableList<Source> sources) {
    return sources.stream()
        .flatMap(source ->
            source.javadocs().stream()
                .filter(RIDDLE.asPredicate())
                .map(javadoc -> source.name() + ": " + javadoc))
        .collect(toImmutableList());
  }

  /** A door of a software package says where to start, what is left out, and the threads. */
  static ImmutableList<String> silentDoors(ImmutableList<Source> sources) {
    Predicate<Source> ofSoftware = source -> SOFTWARE.matcher(source.name()).find();
    return sources.stream()
        .filter(Source::isDoor)
        .filter(ofSoftware)
        .flatMap(door ->
            SAID_AT_A_DOOR.entrySet().stream()
                .filter(said -> !said.getValue().matcher(door.javadocs().getFirst()).find())
                .map(said -> door.name() + " does not say " + said.getKey()))
        .collect(toImmutableList());
  }

  /** A fact without a source carries the tag that the page lists, and no sentence. */
  static ImmutableList<String> unsourced(ImmutableList<Source> sources) {
    return sources.stream()
        .filter(source -> source.comments().stream().anyMatch(GENERAL_KNOWLEDGE.asPredicate()))
        .map(Source::name)
        .collect(toImmutableList());
  }

  /** A name of the kernel's that is cited and that the list does not have. */
  static ImmutableList<String> unknownNames(
      ImmutableList<Source> sources, ImmutableSet<String> known) {
    return sources.stream()
        .flatMap(source ->
            KernelNames.citedIn(source)
                .filter(name -> !known.contains(name))
                .map(name -> source.name() + ": " + name))
        .collect(toImmutableList());
  }
}
