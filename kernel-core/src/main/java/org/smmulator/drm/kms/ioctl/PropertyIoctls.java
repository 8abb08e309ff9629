package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.LegacyChanges;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.object.AttachedProperty;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeConnectorSetProperty;
import org.smmulator.uapi.drm.mode.ModeCreateBlob;
import org.smmulator.uapi.drm.mode.ModeDestroyBlob;
import org.smmulator.uapi.drm.mode.ModeGetBlob;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.uapi.drm.mode.ModeObjGetProperties;
import org.smmulator.uapi.drm.mode.ModeObjSetProperty;
import org.smmulator.uapi.drm.mode.ModePropertyEnum;

/** Ioctls on properties and blobs. */
final class PropertyIoctls {
  private final ModeConfig config;

  PropertyIoctls(ModeConfig config) {
    this.config = config;
  }

  // ---- properties

  /** ENOENT, EFAULT. Kernel: {@code drm_mode_getproperty_ioctl()}. */
  void getProperty(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetProperty asked = arg.read(ModeGetProperty::read);
    Property property = config.objects().find(asked.propId(), ObjectType.PROPERTY, Property.class);
    if (property == null) {
      throw ENOENT.because("no property has the number %d", asked.propId());
    }
    property.put();
    UserElements out = new UserElements(arg.caller());
    int values = property.values().length();
    for (int i = 0; i < values && Integer.compareUnsigned(i, asked.countValues()) < 0; i++) {
      out.putU64(asked.valuesPtr(), i, property.values().get(i));
    }
    putNames(property, arg, asked);
    new ModeGetProperty(
            asked.valuesPtr(),
            asked.enumBlobPtr(),
            asked.propId(),
            property.flags(),
            property.name(),
            values,
            enumCount(property, asked))
        .write(arg.bytes(), 0);
  }

  /** A kind of property that has no names leaves the count as it is, but for blobs. */
  private static int enumCount(Property property, ModeGetProperty asked) {
    if (property.is(ModeGetProperty.PROP_ENUM)) {
      return property.names().size();
    }
    return property.is(ModeGetProperty.PROP_BLOB) ? 0 : asked.countEnumBlobs();
  }

  private static void putNames(Property property, IoctlArg arg, ModeGetProperty asked)
      throws ErrnoException {
    int each = CStruct.sizeof(ModePropertyEnum.LAYOUT);
    MemorySegment bytes = MemorySegment.ofArray(new long[each / Long.BYTES]);
    for (int i = 0; i < property.names().size(); i++) {
      if (Integer.compareUnsigned(i, asked.countEnumBlobs()) < 0) {
        property.names().get(i).write(bytes, 0);
        arg.caller().memory().copyTo(asked.enumBlobPtr() + (long) i * each, bytes, 0, each);
      }
    }
  }

  /**
   * ENOENT; EINVAL for one without properties. Kernel: {@code drm_mode_obj_set_property_ioctl()}.
   */
  void setProperty(DrmFile file, IoctlArg arg) throws ErrnoException {
    set(file, arg, arg.read(ModeObjSetProperty::read));
  }

  /** The same of a connector. Kernel: {@code drm_connector_property_set_ioctl()}. */
  void setConnectorProperty(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeConnectorSetProperty asked = arg.read(ModeConnectorSetProperty::read);
    set(
        file,
        arg,
        new ModeObjSetProperty(
            asked.value(),
            asked.propId(),
            asked.connectorId(),
            ModeObjGetProperties.OBJECT_CONNECTOR));
  }

  private void set(DrmFile file, IoctlArg arg, ModeObjSetProperty asked) throws ErrnoException {
    KmsFile client = KmsFile.of(file);
    ModeObject object = find(client, asked.objId(), asked.objType());
    try {
      ImmutableList<? extends AttachedProperty> all = object.properties();
      if (all == null || all.stream().noneMatch(each -> each.property().id() == asked.propId())) {
        throw EINVAL.because("object %d has no property %d", asked.objId(), asked.propId());
      }
      try (var _ = config.lock().lock()) {
        LegacyChanges.setProperty(
            config, client, arg.caller(), object, asked.propId(), asked.value());
      }
    } finally {
      object.put();
    }
  }

  private static ModeObject find(KmsFile client, int id, int type) throws ErrnoException {
    ModeObject object = client.find(id, type);
    if (object == null) {
      throw ENOENT.because("no such object has the number %d", id);
    }
    return object;
  }

  /** ENOENT; EINVAL; EFAULT. Kernel: {@code drm_mode_obj_get_properties_ioctl()}. */
  void getProperties(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeObjGetProperties asked = arg.read(ModeObjGetProperties::read);
    KmsFile client = KmsFile.of(file);
    try (var _ = config.lock().lock()) {
      ModeObject object = find(client, asked.objId(), asked.objType());
      try {
        int count =
            putProperties(
                object,
                client,
                new UserElements(arg.caller()),
                asked.propsPtr(),
                asked.propValuesPtr(),
                asked.countProps());
        new ModeObjGetProperties(
                asked.propsPtr(), asked.propValuesPtr(), count, asked.objId(), asked.objType())
            .write(arg.bytes(), 0);
      } finally {
        object.put();
      }
    }
  }

  /**
   * Writes properties and their values as far as there is room. Kernel: {@code
   * drm_mode_object_get_properties()}.
   *
   * @return how many there are
   * @throws ErrnoException EINVAL if the object has none; EFAULT
   */
  static int putProperties(
      ModeObject object, KmsFile client, UserElements out, long props, long values, int room)
      throws ErrnoException {
    ImmutableList<? extends AttachedProperty> all = object.properties();
    if (all == null) {
      throw EINVAL.because("object %d has no properties", object.id());
    }
    int count = 0;
    for (AttachedProperty each : all) {
      if (each.property().is(Property.ATOMIC) && !client.atomic) {
        continue;
      }
      if (Integer.compareUnsigned(count, room) < 0) {
        out.putU32(props, count, each.property().id());
        out.putU64(values, count, each.value());
      }
      count++;
    }
    return count;
  }

  // ---- blobs

  /** ENOENT, EFAULT. Kernel: {@code drm_mode_getblob_ioctl()}. */
  void getBlob(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetBlob asked = arg.read(ModeGetBlob::read);
    PropertyBlob blob = findBlob(asked.blobId());
    try {
      if (asked.length() == blob.length()) {
        arg.caller().memory().copyTo(asked.data(), blob.bytes(), 0, blob.length());
      }
      new ModeGetBlob(asked.blobId(), blob.length(), asked.data()).write(arg.bytes(), 0);
    } finally {
      blob.put();
    }
  }

  private PropertyBlob findBlob(int id) throws ErrnoException {
    PropertyBlob blob = config.blobs().find(id);
    if (blob == null) {
      throw ENOENT.because("no blob has the number %d", id);
    }
    return blob;
  }

  /** EINVAL for no bytes; ENOMEM; EFAULT. Kernel: {@code drm_mode_createblob_ioctl()}. */
  void createBlob(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCreateBlob asked = arg.read(ModeCreateBlob::read);
    PropertyBlob blob = config.blobs().create(asked.length());
    try {
      arg.caller().memory().copyFrom(asked.data(), blob.bytes(), 0, blob.length());
    } catch (ErrnoException e) {
      blob.put();
      throw e;
    }
    KmsFile.of(file).add(blob);
    new ModeCreateBlob(asked.data(), asked.length(), blob.id()).write(arg.bytes(), 0);
  }

  /** ENOENT; EPERM for another's. Kernel: {@code drm_mode_destroyblob_ioctl()}. */
  void destroyBlob(DrmFile file, IoctlArg arg) throws ErrnoException {
    int id = arg.read(ModeDestroyBlob::read).blobId();
    PropertyBlob blob = findBlob(id);
    try {
      if (!KmsFile.of(file).take(blob)) {
        throw EPERM.because("blob %d is not the file's", id);
      }
      blob.put();
    } finally {
      blob.put();
    }
  }
}
