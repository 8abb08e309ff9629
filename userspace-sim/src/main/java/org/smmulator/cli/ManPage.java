package org.smmulator.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The program's manual page in the language of man(7), from what picocli knows of the commands.
 *
 * <p>Picocli's own generator writes AsciiDoc, which takes Asciidoctor, and so Ruby or JRuby, to
 * become a page; a page of headings and paragraphs needs a dozen macros.
 */
final class ManPage {
  private final CommandLine program;
  private final PrintWriter out;

  ManPage(CommandLine program, PrintWriter out) {
    this.program = program;
    this.out = out;
  }

  /**
   * Prints the page.
   *
   * @param version of the program, for the footer
   */
  void print(String version) {
    CommandSpec top = program.getCommandSpec();
    String name = top.name();
    macro("TH %s 1 \"\" \"%s\"".formatted(name.toUpperCase(Locale.ROOT), text(version)));
    macro("SH NAME");
    line(name + " - " + String.join(" ", top.usageMessage().description()));
    macro("SH SYNOPSIS");
    synopsis(program);
    macro("SH OPTIONS");
    top.options().forEach(this::described);
    macro("SH COMMANDS");
    program.getSubcommands().values().forEach(this::command);
    macro("SH EXIT STATUS");
    for (Map.Entry<String, String> code : top.usageMessage().exitCodeList().entrySet()) {
      tagged(code.getKey().strip(), code.getValue());
    }
    macro("SH ENVIRONMENT");
    tagged("SMMULATOR_JAVA_HOME, JAVA_HOME", "The JDK 25 that the launcher uses.");
    tagged("NO_COLOR", "If it is not empty, nothing is coloured.");
    macro("SH EXAMPLES");
    example("smmulator run two-processes");
    example("smmulator walk two-processes --process painter --address canvas+0x10");
    example("smmulator exercise tlb --seed 3 -c");
    example("smmulator topology virt --svg virt.svg");
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    macro("SS \"%s\"".formatted(text(spec.name())));
    synopsis(command);
    macro("PP");
    for (String sentence : spec.usageMessage().description()) {
      line(sentence);
    }
    for (PositionalParamSpec each : spec.positionalParameters()) {
      if (!each.hidden()) {
        tagged(each.paramLabel(), String.join(" ", each.description()));
      }
    }
    spec.options().forEach(this::option);
  }

  private void option(OptionSpec option) {
    if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
      described(option);
    }
  }

  private void described(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
    tagged(String.join(", ", option.names()) + value, String.join(" ", option.description()));
  }

  private void synopsis(CommandLine command) {
    String usage = new CommandLine.Help(command.getCommandSpec(), plain()).synopsis(0);
    macro("PP");
    line(usage.replaceAll("\\s+", " ").strip());
  }

  private static CommandLine.Help.ColorScheme plain() {
    return CommandLine.Help.defaultColorScheme(Ansi.OFF);
  }

  // ---- man(7)

  private void macro(String what) {
    out.println("." + what);
  }

  private void tagged(String tag, String what) {
    macro("TP");
    macro("B \"%s\"".formatted(text(tag)));
    line(what);
  }

  private void example(String command) {
    macro("PP");
    macro("EX");
    line(command);
    macro("EE");
  }

  private void line(String what) {
    String escaped = text(what);
    out.println(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped);
  }

  /** Has a backslash, a hyphen and a quote stand for themselves. */
  private static String text(String plain) {
    return plain.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
