package org.smmulator.iommu.pgtable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** One sequence of operations, and what Linux's own page-table code answered. */
record GoldenCase(JsonNode json) {
  static ImmutableList<GoldenCase> load(String resource) {
    ObjectMapper mapper = new ObjectMapper();
    ImmutableList.Builder<GoldenCase> cases = ImmutableList.builder();
    try (InputStream packed =
            Objects.requireNonNull(GoldenCase.class.getResourceAsStream(resource), resource);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        cases.add(new GoldenCase(mapper.readTree(line)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases.build();
  }

  String id() {
    return json.get("id").asText();
  }

  IoPgtableFormat format() {
    return IoPgtableFormat.valueOf(json.get("fmt").asText());
  }

  int number(String field) {
    return json.get(field).asInt();
  }

  IoPgtableConfig config() {
    ImmutableSet.Builder<Quirk> quirks = ImmutableSet.<Quirk>builder().add(Quirk.NO_WARN);
    if (number("quirk_ttbr1") == 1) {
      quirks.add(Quirk.ARM_TTBR1);
    }
    if (number("quirk_outer_wbwa") == 1) {
      quirks.add(Quirk.ARM_OUTER_WBWA);
    }
    return new IoPgtableConfig(
        Sets.immutableEnumSet(quirks.build()),
        hex(json.get("pgsize_bitmap")),
        number("ias"),
        number("oas"),
        number("coherent") == 1);
  }

  JsonNode ops() {
    return json.get("ops");
  }

  /** A number written as a string, since JSON has none of 64 bits. */
  static long hex(JsonNode node) {
    return Long.parseUnsignedLong(node.asText().substring(2), 16);
  }

  /** What the test report calls it. */
  @Override
  public String toString() {
    String sizes = json.get("pgsize_bitmap").asText();
    return id() + " " + format() + " sizes " + sizes + " ias " + number("ias");
  }
}
