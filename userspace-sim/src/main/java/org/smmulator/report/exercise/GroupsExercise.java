package org.smmulator.report.exercise;

import com.google.common.collect.ImmutableList;
import java.util.Random;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** A device tree: who shares a group, and which bank and which domain has it? */
final class GroupsExercise implements Exercise {
  @Override
  public Sheet make(Random random) throws BadInputException {
    int smmus = 1 + random.nextInt(2);
    int masters = 4 + random.nextInt(2);
    StringBuilder soc = new StringBuilder();
    for (int i = 0; i < smmus; i++) {
      int first = 80 + 10 * i;
      soc.append(
          """
          \tsmmu_%1$c: iommu@9%2$d00000 {
          \t\tcompatible = "arm,smmu-v2";
          \t\treg = <0x0 0x9%2$d00000 0x0 0x10000>;
          \t\t#iommu-cells = <1>;
          \t\t#global-interrupts = <1>;
          \t\tinterrupts = <0 %3$d 4>, <0 %4$d 4>, <0 %5$d 4>, <0 %6$d 4>, <0 %7$d 4>;
          \t\tsmmulator,context-banks = <4>;
          \t\tsmmulator,stream-mappings = <8>;
          \t\tsmmulator,stream-id-bits = <15>;
          \t\tsmmulator,upstream-bits = <49>;
          \t\tsmmulator,output-bits = <40>;
          \t\tsmmulator,granules = <0x1000>;
          \t};
          """
              .formatted('a' + i, i + 1, first, first + 1, first + 2, first + 3, first + 4));
    }
    for (int i = 0; i < masters; i++) {
      soc.append(
          "\tengine@a%d00000 { compatible = \"smmulator,sgusb\"; reg = <0x0 0xa%d00000 0x0 0x1000>;\n"
              .formatted(i, i));
      soc.append("\t\tinterrupts = <0 %d 4>;".formatted(20 + i));
      if (random.nextInt(8) != 0) {
        soc.append(
            " iommus = <&smmu_%c 0x%x>;"
                .formatted('a' + random.nextInt(smmus), 1 + random.nextInt(2)));
      }
      soc.append(" };\n");
    }
    String tree = "/dts-v1/;\n#include \"granules.dtsi\"\n&soc {\n" + soc + "};\n";
    return Bench.run(
        new Boards().parse("exercise.dts", tree), machine -> sheet(machine, soc.toString()));
  }

  private static Sheet sheet(Machine machine, String soc) {
    ImmutableList.Builder<Sheet.Question> questions = ImmutableList.builder();
    for (PlatformDevice device : machine.devices().devices()) {
      if (device.name().endsWith(".engine")) {
        questions.add(
            new Sheet.Question(
                "%s: in a group with whom, in which domain?".formatted(device.name()),
                answer(machine, device)));
      }
    }
    ImmutableList.Builder<String> task = ImmutableList.builder();
    task.add("A board boots as Linux does today. Below its bus:");
    soc.lines()
        .filter(line -> !line.startsWith("\t\tsmmulator,") || line.contains("banks"))
        .forEach(line -> task.add(line.replace("\t", "    ")));
    task.add("Banks are handed out in the order in which the groups come.");
    return new Sheet(task.build(), questions.build());
  }

  private static String answer(Machine machine, PlatformDevice device) {
    IommuGroup group = machine.iommu().groupOf(device);
    if (group == null) {
      return "in no group: it is behind no IOMMU, and reaches all of memory";
    }
    String others =
        group.devices().stream()
            .map(member -> member.name())
            .filter(name -> !name.equals(device.name()))
            .reduce((one, other) -> one + ", " + other)
            .map(names -> "with " + names)
            .orElse("alone");
    String place = group.domain() instanceof IommuDomain.Paging paging ? paging.place() : "none";
    return "group %d, %s; default domain %s, %s".formatted(group.id(), others, group.type(), place);
  }
}
