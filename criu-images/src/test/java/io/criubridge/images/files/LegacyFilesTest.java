// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.file_entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for each kind of open file, as CRIU before 3.3 wrote them. */
class LegacyFilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/menagerie", "4.2.1/kinds", "4.2.1/container"})
  void filesOfEachKind_areTheSameAsInOneImage(String name, @TempDir Path place) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    Map<ImageType, List<Message>> images = new LinkedHashMap<>();
    for (ImageEntry entry : set.entries("files.img")) {
      Message inner = inner((file_entry) entry.message());
      Optional<ImageType> legacy =
          Arrays.stream(ImageType.values())
              .filter(type -> type.messageName().equals(inner.getDescriptorForType().getName()))
              .findFirst();
      ImageType type = legacy.filter(ImageType::hasEntries).orElse(ImageType.FILES);
      images
          .computeIfAbsent(isKept(type) ? ImageType.FILES : type, key -> new ArrayList<>())
          .add(isKept(type) ? entry.message() : inner);
    }
    copyAllButFiles(set.directory(), place);
    for (Map.Entry<ImageType, List<Message>> image : images.entrySet()) {
      write(place.resolve(image.getKey().fileName().name()), image.getKey(), image.getValue());
    }
    assertThat(images.keySet()).hasSizeGreaterThan(1).contains(ImageType.REG_FILES);
    assertThat(OpenFiles.read(new ImageSet(place)).all())
        .containsExactlyInAnyOrderElementsOf(OpenFiles.read(set).all());
  }

  /** The newer kinds never had a file of their own that CRIU wrote. */
  private static boolean isKept(ImageType type) {
    return type == ImageType.FILES || type == ImageType.PIDFD || type == ImageType.MEMFD_INODE;
  }

  private static Message inner(file_entry file) {
    return file.getAllFields().entrySet().stream()
        .filter(field -> field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE)
        .map(field -> (Message) field.getValue())
        .findFirst()
        .orElseThrow();
  }

  private static void write(Path file, ImageType type, List<Message> messages) throws IOException {
    try (ImageWriter writer = new ImageWriter(Files.newOutputStream(file), type)) {
      for (Message message : messages) {
        writer.write(message);
      }
    }
  }

  private static void copyAllButFiles(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(each -> !each.endsWith("files.img")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
