package org.smmulator.cli.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import org.smmulator.cli.suite.TestResult.Verdict;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;

/**
 * Writes a suite as JUnit's XML, which CI servers read. Times are virtual: the same run gives the
 * same bytes.
 */
public final class JunitReport implements AutoCloseable {
  private static final double NS_PER_S = 1e9;

  private final @Nullable Path path;
  private final Writer file;
  private final List<TestResult> results = new ArrayList<>();

  /**
   * Opens it.
   *
   * @param path null if nobody wants it
   * @throws BadInputException if it cannot be written
   */
  public JunitReport(@Nullable Path path) throws BadInputException {
    this.path = path;
    try {
      file = path == null ? Writer.nullWriter() : Files.newBufferedWriter(path, UTF_8);
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  void add(TestResult result) {
    results.add(result);
  }

  /**
   * Writes all that was added.
   *
   * @throws BadInputException if there is no room for it
   */
  void end() throws BadInputException {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(file);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "smmulator");
      xml.writeAttribute("tests", Integer.toString(results.size()));
      xml.writeAttribute("failures", count(Verdict.FAIL, Verdict.UNEXPECTED_IMPROVEMENT));
      xml.writeAttribute("errors", count(Verdict.ERROR));
      xml.writeAttribute("skipped", count(Verdict.SKIP, Verdict.EXPECTED_FAIL, Verdict.FLAKE));
      for (TestResult result : results) {
        write(result, xml);
      }
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.writeCharacters("\n");
      xml.flush();
      file.flush();
    } catch (XMLStreamException e) {
      throw cannotBeWritten(
          e.getNestedException() instanceof IOException io ? io : new IOException(e));
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  private String count(Verdict... verdicts) {
    ImmutableList<Verdict> counted = ImmutableList.copyOf(verdicts);
    return Long.toString(results.stream().filter(r -> counted.contains(r.verdict())).count());
  }

  private static void write(TestResult result, XMLStreamWriter xml) throws XMLStreamException {
    int slash = result.test().name().lastIndexOf('/');
    String folder = slash < 0 ? "" : "." + result.test().name().substring(0, slash);
    long timeNs = result.attempts().stream().mapToLong(Attempt::timeNs).sum();
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", text("smmulator" + folder.replace('/', '.')));
    xml.writeAttribute("name", text(result.test().name().substring(slash + 1)));
    xml.writeAttribute("time", String.format(Locale.ROOT, "%.9f", timeNs / NS_PER_S));
    Attempt worst = result.worst();
    String type = worst == null ? "Skip" : worst.status().word();
    switch (result.verdict()) {
      case PASS -> {}
      case FAIL, UNEXPECTED_IMPROVEMENT -> writeEnding("failure", type, result, xml);
      case ERROR -> writeEnding("error", type, result, xml);
      case SKIP, EXPECTED_FAIL, FLAKE -> writeEnding("skipped", type, result, xml);
    }
    xml.writeEndElement();
  }

  private static void writeEnding(
      String element, String type, TestResult result, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", text(result.why()));
    Attempt worst = result.worst();
    if (worst != null) {
      xml.writeCharacters(text(String.join("\n", worst.log())));
    }
    xml.writeEndElement();
  }

  /** XML 1.0 has no place for control characters, not even as references. */
  private static String text(String any) {
    return any.codePoints()
        .map(c -> c == '\n' || c == '\t' || (c >= ' ' && c < 0xfffe) || c > 0xffff ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public void close() throws BadInputException {
    try {
      file.close();
    } catch (IOException e) {
      throw cannotBeWritten(e);
    }
  }

  private BadInputException cannotBeWritten(IOException e) {
    return UserFiles.unwritable("the results", path, e);
  }
}
