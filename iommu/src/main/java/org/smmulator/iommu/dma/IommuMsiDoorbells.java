package org.smmulator.iommu.dma;

import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Maps the doorbells that devices write to for message-signalled interrupts.
 *
 * <p>Kernel: {@code iommu_dma_prepare_msi()} and {@code iommu_get_msi_cookie()}. The domain asked
 * is the one that the device is attached to, under every {@link DomainLookup}: the interrupt of a
 * device in a driver's own domain goes through that domain.
 */
public final class IommuMsiDoorbells implements MsiDoorbells {
  private final Supplier<Iommu> iommu;
  private final DomainLookup lookup;

  /**
   * Makes the way to doorbells.
   *
   * @param lookup what happens in a domain without room for doorbells
   */
  public IommuMsiDoorbells(Supplier<Iommu> iommu, DomainLookup lookup) {
    this.iommu = iommu;
    this.lookup = lookup;
  }

  /**
   * Has doorbells mapped in a domain whose owner maps everything else.
   *
   * @param baseIova from where on iovas are for doorbells; the owner keeps them free
   * @throws ErrnoException EINVAL if the DMA API owns the domain; EEXIST if it has another user
   */
  public static void makeCookie(IommuDomain.Paging domain, long baseIova) throws ErrnoException {
    if (domain.type() != DomainType.UNMANAGED) {
      throw EINVAL.because("the domain is not its owner's to map");
    }
    domain.setCookie(new MsiCookie(baseIova));
  }

  /**
   * The address that {@code device} is to write to for the doorbell at {@code doorbellPa}. It is
   * mapped into the attached domain, under every lookup of {@code dma.iommu-lookup}. Without an
   * IOMMU, and in an identity domain, the address is the doorbell's own. So it is in a domain
   * without room for doorbells unless the lookup is today's, and the write faults then.
   *
   * @throws ErrnoException ENOMEM if the doorbell cannot be mapped; EOPNOTSUPP under today's lookup
   *     in a domain without room for doorbells
   */
  @Override
  public long addressFor(Device device, long doorbellPa) throws ErrnoException {
    IommuGroup group = iommu.get().groupOf(device);
    if (group == null) {
      return doorbellPa;
    }
    group.countReference();
    IommuDomain domain = group.domain();
    if (domain == null || domain.type() == DomainType.IDENTITY) {
      return doorbellPa;
    }
    if (!(domain instanceof IommuDomain.Paging paging)) {
      return withoutRoom(device, doorbellPa);
    }
    DomainCookie cookie = cookieOf(paging);
    if (cookie == null) {
      return withoutRoom(device, doorbellPa);
    }
    long offset = doorbellPa & (cookie.msiPageBytes() - 1);
    return pageFor(device, paging, cookie, doorbellPa - offset) + offset;
  }

  private long withoutRoom(Device device, long doorbellPa) throws ErrnoException {
    if (lookup.refusesDoorbells()) {
      throw EOPNOTSUPP.because("the domain of %s has no room for doorbells", device.name());
    }
    return doorbellPa;
  }

  /** Kernel: {@code iommu_dma_get_msi_page()}. */
  private long pageFor(Device device, IommuDomain.Paging domain, DomainCookie cookie, long pa)
      throws ErrnoException {
    MsiPages pages = cookie.msiPages();
    if (pages.has(pa)) {
      return pages.iovaOf(pa);
    }
    long iova = cookie.takeMsiIova(device);
    if (iova == DomainCookie.NO_IOVA) {
      throw ENOMEM.because("no iova for the doorbell at pa 0x%x", pa);
    }
    try {
      iommu.get().map(domain, iova, pa, cookie.msiPageBytes(), WRITE | NOEXEC | MMIO);
    } catch (ErrnoException e) {
      cookie.giveBackMsiIova(iova);
      throw ENOMEM.because("the doorbell at pa 0x%x: %s", pa, e.getMessage());
    }
    pages.add(pa, iova);
    return iova;
  }

  private static @Nullable DomainCookie cookieOf(IommuDomain.Paging domain) {
    DomainCookie cookie = domain.cookie(DomainCookie.class);
    return cookie instanceof DmaCookie dma && !dma.isReady() ? null : cookie;
  }
}
