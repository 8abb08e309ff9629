package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.pgtable.GoldenCase.hex;

import com.fasterxml.jackson.databind.JsonNode;

/** Does what a golden case did, and checks each answer. */
final class GoldenOps {
  private GoldenOps() {}

  static void run(TableMachine machine, IoPgtable table, GoldenCase golden) {
    for (int i = 0; i < golden.ops().size(); i++) {
      JsonNode op = golden.ops().get(i);
      String place = "case " + golden.id() + ", op " + i + ": " + op;
      if (op.get("op").asText().equals("map")) {
        checkMap(table, op, place);
      } else {
        checkUnmap(machine, table, op, place);
      }
    }
  }

  private static void checkMap(IoPgtable table, JsonNode op, String place) {
    long result =
        table.mapPages(
            hex(op.get("iova")),
            hex(op.get("pa")),
            op.get("pgsize").asLong(),
            op.get("pgcount").asLong(),
            op.get("prot").asInt());

    assertWithMessage("%s: return code", place)
        .that(-IoPgtable.errno(result))
        .isEqualTo(op.get("ret").asInt());
    assertWithMessage("%s: progress", place)
        .that(IoPgtable.mapped(result))
        .isEqualTo(op.get("mapped").asLong());
  }

  private static void checkUnmap(TableMachine machine, IoPgtable table, JsonNode op, String place) {
    machine.flushes.reset();

    long unmapped =
        table.unmapPages(
            hex(op.get("iova")),
            op.get("pgsize").asLong(),
            op.get("pgcount").asLong(),
            new IotlbGather());

    assertWithMessage("%s: unmapped", place).that(unmapped).isEqualTo(op.get("unmapped").asLong());
    assertWithMessage("%s: flushes of walks", place)
        .that(machine.flushes.walks)
        .isEqualTo(op.get("flush_walk").asInt());
    assertWithMessage("%s: pages gathered", place)
        .that(machine.flushes.pages)
        .isEqualTo(op.get("add_page").asInt());
  }
}
