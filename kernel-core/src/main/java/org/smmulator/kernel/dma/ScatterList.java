package org.smmulator.kernel.dma;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;
import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;

/**
 * Memory in pieces, and where a device finds them once they are mapped.
 *
 * <p>Kernel: {@code struct sg_table}. There are two lists in one: what the CPU put in ({@link
 * #count}, {@code orig_nents}) and what the device sees ({@link #mappedCount}, {@code nents}),
 * which may be shorter.
 */
public final class ScatterList {
  private long[] pas = new long[4];
  private long[] lengths = new long[4];
  private long[] dmaAddresses = new long[4];
  private long[] dmaLengths = new long[4];
  private int count;
  private int mappedCount;

  /** Appends a piece of physical memory. */
  public void add(long pa, long lengthBytes) {
    checkArgument(lengthBytes > 0, "length %s", lengthBytes);
    checkState(mappedCount == 0, "the list is mapped");
    if (count == pas.length) {
      pas = Arrays.copyOf(pas, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
      dmaAddresses = Arrays.copyOf(dmaAddresses, 2 * count);
      dmaLengths = Arrays.copyOf(dmaLengths, 2 * count);
    }
    pas[count] = pa;
    lengths[count] = lengthBytes;
    count++;
  }

  /** How many pieces of memory there are. */
  public int count() {
    return count;
  }

  /** The physical address of piece {@code index}. */
  public long pa(int index) {
    return pas[checkElementIndex(index, count)];
  }

  /** The bytes of piece {@code index}. */
  public long length(int index) {
    return lengths[checkElementIndex(index, count)];
  }

  /** How many pieces the device sees; 0 while the list is not mapped. */
  public int mappedCount() {
    return mappedCount;
  }

  /** Returns the DMA address of the device's piece {@code index}. */
  public long dmaAddress(int index) {
    return dmaAddresses[checkElementIndex(index, mappedCount)];
  }

  /** The bytes of the device's piece {@code index}. */
  public long dmaLength(int index) {
    return dmaLengths[checkElementIndex(index, mappedCount)];
  }

  /** Appends a piece that the device sees: for those who map. */
  public void addMapped(long dmaAddress, long lengthBytes) {
    checkState(mappedCount < count, "more pieces mapped than there are");
    dmaAddresses[mappedCount] = dmaAddress;
    dmaLengths[mappedCount] = lengthBytes;
    mappedCount++;
  }

  /** The device sees nothing any more: for those who unmap. */
  public void clearMapped() {
    mappedCount = 0;
  }

  // As in the kernel a list goes on naming the addresses of its last mapping, so that whoever
  // unmaps it twice can be told what he gave back.

  /** A mapping was made, or failed: pieces that the device does not see have no address now. */
  void endMapping() {
    Arrays.fill(dmaAddresses, mappedCount, count, DmaOps.MAPPING_ERROR);
    Arrays.fill(dmaLengths, mappedCount, count, 0);
  }

  /**
   * The address that piece {@code index} of all {@link #count} got when the list was mapped last; 0
   * if it never was, {@link DmaOps#MAPPING_ERROR} if the device saw fewer pieces.
   */
  long lastDmaAddress(int index) {
    return dmaAddresses[checkElementIndex(index, count)];
  }

  /** The bytes that belong to {@link #lastDmaAddress}. */
  long lastDmaLength(int index) {
    return dmaLengths[checkElementIndex(index, count)];
  }
}
