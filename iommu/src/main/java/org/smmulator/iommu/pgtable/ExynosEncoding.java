package org.smmulator.iommu.pgtable;

import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import java.util.Locale;
import org.smmulator.iommu.prot.IommuProt;

/**
 * The layout of the 32 bits of an entry of Samsung's tables: one way up to v3, another from v5 on,
 * where addresses of 36 bits stand in the entry four bits lower.
 *
 * <pre>
 *  V1          31           20 19  16 15 14 12 11 10  9  8   6 5  4  3  2  1 0
 * link       | pa 31:10 ...........................................       0 1
 * section    | pa 31:20      |       | RO     | RW  |                     1 0
 * large page | pa 31:16             |              | RO|      | RW |      0 1
 * page       | pa 31:12                            | RO|      | RW |      1 -
 *
 *  V5          31                16 15          8  7  6  5  4  3  2  1 0
 * link       | pa 35:10 ............................|                 0 1
 * section    | pa 35:20           |                    | W  R|        1 0
 * large page | pa 35:16                 |                    | W  R|  0 1
 * page       | pa 35:12                         |            | W  R|  1 -
 * </pre>
 *
 * <p>In V1 RW alone allows both, with RO reading only: there is no write without read. Kernel: the
 * macros and the {@code LV1_PROT}, {@code LV2_PROT} tables of {@code drivers/iommu/exynos-iommu.c};
 * the shift is its {@code PG_ENT_SHIFT}.
 */
enum ExynosEncoding {
  /** Sysmmu v1 to v3. */
  V1(0, 32),
  /** Sysmmu v5 and later. */
  V5(4, 36);

  static final int SECTION_SHIFT = 20;
  static final int LARGE_PAGE_SHIFT = 16;
  static final int PAGE_SHIFT = 12;

  private static final int TYPE = 0b11;
  private static final int TYPE_LINK = 0b01;
  private static final int TYPE_SECTION = 0b10;
  private static final int TYPE_LARGE_PAGE = 0b01;
  private static final int TYPE_PAGE = 0b10;
  private static final int LINK_ADDRESS = 0xffff_ffc0;

  private static final int V1_SECTION_READ_ONLY = 1 << 15;
  private static final int V1_SECTION_ACCESS = 1 << 10;
  private static final int V1_PAGE_READ_ONLY = 1 << 9;
  private static final int V1_PAGE_ACCESS = 1 << 4;
  private static final int V5_SECTION_PROT_SHIFT = 4;
  private static final int V5_PAGE_PROT_SHIFT = 2;

  private final int addressShift;
  private final int addressBits;

  ExynosEncoding(int addressShift, int addressBits) {
    this.addressShift = addressShift;
    this.addressBits = addressBits;
  }

  /** How much lower than in the address its bits stand in an entry. */
  int addressShift() {
    return addressShift;
  }

  /** The width of a physical address, in bits. */
  int addressBits() {
    return addressBits;
  }

  /** An entry of level 1 that points to a table. */
  int link(long tablePa) {
    return (int) (tablePa >>> addressShift) | TYPE_LINK;
  }

  static boolean isLink(int entry) {
    return (entry & TYPE) == TYPE_LINK;
  }

  long tablePa(int link) {
    return address(link & LINK_ADDRESS);
  }

  int section(long pa, int prot) {
    return (int) (pa >>> addressShift) | sectionProtBits(prot) | TYPE_SECTION;
  }

  static boolean isSection(int entry) {
    return (entry & TYPE) == TYPE_SECTION;
  }

  int page(long pa, int prot) {
    return (int) (pa >>> addressShift) | pageProtBits(prot) | TYPE_PAGE;
  }

  int largePage(long pa, int prot) {
    return (int) (pa >>> addressShift) | pageProtBits(prot) | TYPE_LARGE_PAGE;
  }

  /** Returns whether an entry of level 2 maps nothing. */
  static boolean isHole(int pageEntry) {
    return (pageEntry & TYPE) == 0;
  }

  static boolean isLargePage(int pageEntry) {
    return (pageEntry & TYPE) == TYPE_LARGE_PAGE;
  }

  /** The physical address behind {@code iova}, given the section that maps it. */
  long sectionPa(int section, long iova) {
    return at(section, SECTION_SHIFT, iova);
  }

  /** The physical address behind {@code iova}, given the page or large page that maps it. */
  long pagePa(int pageEntry, long iova) {
    return at(pageEntry, isLargePage(pageEntry) ? LARGE_PAGE_SHIFT : PAGE_SHIFT, iova);
  }

  /** The protection of a section. */
  int sectionProt(int section) {
    return decode(section, true);
  }

  /** The protection of a page or large page. */
  int pageProt(int pageEntry) {
    return decode(pageEntry, false);
  }

  /** Describes a section in words. */
  String describeSection(int section) {
    return describe("section", sectionPa(section, 0), sectionProt(section));
  }

  /** Describes a page or large page in words. */
  String describePage(int pageEntry) {
    String kind = isLargePage(pageEntry) ? "large page" : "page";
    return describe(kind, pagePa(pageEntry, 0), pageProt(pageEntry));
  }

  private static String describe(String kind, long pa, int prot) {
    return String.format(Locale.ROOT, "%s 0x%x %s", kind, pa, IommuProt.describe(prot));
  }

  private int sectionProtBits(int prot) {
    return this == V1
        ? v1Prot(prot, V1_SECTION_ACCESS, V1_SECTION_READ_ONLY)
        : (prot & (READ | WRITE)) << V5_SECTION_PROT_SHIFT;
  }

  private int pageProtBits(int prot) {
    return this == V1
        ? v1Prot(prot, V1_PAGE_ACCESS, V1_PAGE_READ_ONLY)
        : (prot & (READ | WRITE)) << V5_PAGE_PROT_SHIFT;
  }

  private static int v1Prot(int prot, int access, int readOnly) {
    return switch (prot & (READ | WRITE)) {
      case 0 -> 0;
      case READ -> access | readOnly;
      default -> access;
    };
  }

  private int decode(int entry, boolean section) {
    if (this == V5) {
      return entry >>> (section ? V5_SECTION_PROT_SHIFT : V5_PAGE_PROT_SHIFT) & (READ | WRITE);
    }
    if ((entry & (section ? V1_SECTION_ACCESS : V1_PAGE_ACCESS)) == 0) {
      return 0;
    }
    boolean readOnly = (entry & (section ? V1_SECTION_READ_ONLY : V1_PAGE_READ_ONLY)) != 0;
    return readOnly ? READ : READ | WRITE;
  }

  private long at(int entry, int leafShift, long iova) {
    long offsetMask = (1L << leafShift) - 1;
    return (address(entry) & ~offsetMask) | (iova & offsetMask);
  }

  private long address(int entry) {
    return Integer.toUnsignedLong(entry) << addressShift;
  }
}
