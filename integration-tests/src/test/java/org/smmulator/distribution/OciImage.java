package org.smmulator.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image in the layout of the OCI image specification, unpacked: its layers one over another, and
 * how it wants to be run.
 *
 * <p>Read here, since an engine as old as Debian's loads images of its own format only.
 */
record OciImage(
    Path root, String user, ImmutableList<String> environment, ImmutableList<String> entrypoint) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static OciImage unpack(Path archive, Path scratch) throws IOException, InterruptedException {
    Path layout = Files.createDirectory(scratch.resolve("layout"));
    Tar.unpack(archive, layout);
    JsonNode index = JSON.readTree(layout.resolve("index.json").toFile());
    JsonNode manifest = blob(layout, index.path("manifests").path(0));
    Path root = Files.createDirectory(scratch.resolve("root"));
    for (JsonNode layer : manifest.path("layers")) {
      Tar.unpack(file(layout, layer), root);
    }
    JsonNode config = blob(layout, manifest.path("config")).path("config");
    return new OciImage(
        root,
        config.path("User").asText(),
        texts(config.path("Env")),
        texts(config.path("Entrypoint")));
  }

  private static JsonNode blob(Path layout, JsonNode descriptor) throws IOException {
    return JSON.readTree(file(layout, descriptor).toFile());
  }

  private static Path file(Path layout, JsonNode descriptor) {
    return layout.resolve("blobs/" + descriptor.path("digest").asText().replace(':', '/'));
  }

  private static ImmutableList<String> texts(JsonNode array) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    array.forEach(text -> texts.add(text.asText()));
    return texts.build();
  }
}
