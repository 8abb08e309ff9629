package org.smmulator.report.explain;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.collect.Range;
import java.util.List;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.PgtableEntry;
import org.smmulator.iommu.pgtable.PgtableField;
import org.smmulator.machine.input.BadInputException;

/** Explains an entry of a pagetable, given as {@code LEVEL:ENTRY}: the bits alone do not tell. */
final class DescriptorExplainer implements NumberExplainer {
  private final IoPgtableFormat format;

  DescriptorExplainer(IoPgtableFormat format) {
    this.format = format;
  }

  @Override
  public String explain(String value) throws BadInputException {
    List<String> parts = Splitter.on(':').splitToList(value);
    Range<Integer> levels = PgtableEntry.levels(format);
    if (parts.size() != 2) {
      throw new BadInputException(
          "'%s' does not say at which level the entry stands".formatted(value),
          "write LEVEL:ENTRY, as in %d:%s"
              .formatted(levels.upperEndpoint(), value.isEmpty() ? "0x3" : value));
    }
    int level = Numbers.word32(parts.get(0));
    if (!levels.contains(level)) {
      throw new BadInputException(
          "this format has no level " + level,
          "its levels are %d to %d".formatted(levels.lowerEndpoint(), levels.upperEndpoint()));
    }
    String bits = parts.get(1);
    long entry =
        PgtableEntry.bits(format) == Long.SIZE
            ? Numbers.word64(bits)
            : Integer.toUnsignedLong(Numbers.word32(bits));
    String fields =
        PgtableEntry.fields(format, level, entry).stream()
            .map(PgtableField::toString)
            .collect(joining(" "));
    return "0x%x at level %d: %s\n  %s"
        .formatted(entry, level, PgtableEntry.describe(format, level, entry), fields);
  }
}
