package org.smmulator.script.kms.property;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.ForkedState;
import org.smmulator.userspace.LibDrmMode;

/** The steps on properties and blobs, and atomic commits. */
public final class PropertyVocabulary implements Vocabulary {
  static final Kind<BlobId> BLOB = new Kind<>("a blob", BlobId.class);

  /** A blob, by the file that made it. */
  record BlobId(LibDrmMode mode, int id) implements ForkedState.Part {
    @Override
    public BlobId copyInto(ForkedState state) {
      return new BlobId(state.of(mode), id);
    }
  }

  @Override
  public String name() {
    return "kms.property";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new ObjGetPropertiesStep(),
        new GetPropertyStep(),
        new ObjSetPropertyStep(),
        new SetPropertyStep(),
        new CreatePropBlobStep(),
        new GetPropBlobStep(),
        new DestroyPropBlobStep(),
        new AtomicStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
