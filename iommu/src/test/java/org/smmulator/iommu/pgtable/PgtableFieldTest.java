package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static java.util.stream.Collectors.joining;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Entries are taken apart. Those of LPAE and of short descriptors are leaves that Linux's own
 * io-pgtable code wrote, sequences 7-1, 7-4, 21-0 and 21-41 of the recorded ones; those of Exynos
 * are put together by hand from the kernel's {@code exynos-iommu.c}.
 */
class PgtableFieldTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ARM_64_LPAE_S1 | 2 | 0x60000e88e00f45 | UXN[54]=1 PXN[53]=1 Contiguous[52]=0 DBM[51]=0 output[47:12]=0xe88e00 nG[11]=1 AF[10]=1 SH[9:8]=11 AP[7:6]=01 NS[5]=0 AttrIndx[4:2]=001 table[1]=0 valid[0]=1
          ARM_64_LPAE_S2 | 3 | 0x605ccc566296c7 | XN[54:53]=11 Contiguous[52]=0 DBM[51]=0 output[47:12]=0x5ccc56629 AF[10]=1 SH[9:8]=10 S2AP[7:6]=11 MemAttr[5:2]=0001 page[1]=1 valid[0]=1
          ARM_V7S        | 2 | 0xb4cd8c35       | output[31:16]=0xb4cd XN[15]=1 TEX[14:12]=000 nG[11]=1 S[10]=1 AP2[9]=0 AP[5:4]=11 C[3]=0 B[2]=1 page[1]=0 large[0]=1
          ARM_V7S        | 1 | 0x42b30c06       | output[31:20]=0x42b NS[19]=0 supersection[18]=0 nG[17]=1 S[16]=1 AP2[15]=0 TEX[14:12]=000 AP[11:10]=11 XN[4]=0 C[3]=0 B[2]=1 type[1:0]=10
          ARM_V7S        | 1 | 0xe6071402       | output[31:24]=0xe6 NS[19]=0 supersection[18]=1 nG[17]=1 S[16]=1 AP2[15]=0 TEX[14:12]=001 AP[11:10]=01 XN[4]=0 C[3]=0 B[2]=0 type[1:0]=10
          ARM_V7S        | 1 | 0x12345401       | next[31:10]=0x48d15 NS[3]=0 type[1:0]=01
          EXYNOS         | 2 | 0x12345012       | output[31:12]=0x12345 read-only[9]=0 access[4]=1 type[1:0]=10
          EXYNOS_V5      | 2 | 0x8123450e       | output[31:8]=0x812345 prot[3:2]=11 type[1:0]=10
          EXYNOS_V5      | 1 | 0x02000301       | next[31:6]=0x8000c type[1:0]=01
          ARM_64_LPAE_S1 | 3 | 0                | valid[0]=0
          """)
  void anEntryIsTakenApart(IoPgtableFormat format, int level, String entry, String fields) {
    long bits = Long.decode(entry);

    assertThat(
            PgtableEntry.fields(format, level, bits).stream()
                .map(PgtableField::toString)
                .collect(joining(" ")))
        .isEqualTo(fields);
  }
}
