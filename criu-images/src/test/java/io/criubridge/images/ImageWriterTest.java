// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.criubridge.images.RecordedImages.Part;
import io.criubridge.images.proto.mnt_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pipe_data_entry;
import io.criubridge.images.proto.utsns_entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageWriterTest {

  static List<Path> recorded() throws IOException {
    return RecordedImages.withEntries();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void recordedImage_isWrittenByteForByte(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(bytes, RecordedImages.type(file).orElseThrow())) {
      for (Part part : RecordedImages.parts(file)) {
        writer.write(part.entry().message());
        writer.payload().write(part.payload());
      }
    }
    assertThat(bytes.toByteArray()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void payloadOfOtherLength_isRefused() throws IOException {
    pipe_data_entry three = pipe_data_entry.newBuilder().setPipeId(1).setBytes(3).build();
    ImageWriter writer = new ImageWriter(new ByteArrayOutputStream(), ImageType.PIPES_DATA);
    writer.write(three);
    assertThatIllegalStateException().isThrownBy(() -> writer.payload().write(new byte[4]));
    writer.payload().write(new byte[2]);
    assertThatIllegalStateException().isThrownBy(writer::close).withMessageContaining("1 bytes");
  }

  @Test
  void unknownFieldAndBytesThatAreNoText_areKept() throws IOException {
    ByteString odd = ByteString.copyFrom(new byte[] {'/', (byte) 0xff, 'x'});
    UnknownFieldSet newer =
        UnknownFieldSet.newBuilder()
            .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(7).addVarint(8).build())
            .build();
    utsns_entry entry =
        utsns_entry
            .newBuilder()
            .setNodenameBytes(odd)
            .setDomainname("")
            .setUnknownFields(newer)
            .build();
    byte[] image = image(ImageType.UTSNS, List.of(entry));
    List<Part> read = RecordedImages.parts(Path.of("utsns-1.img"), image);
    assertThat(read).hasSize(1);
    assertThat(read.get(0).entry().message()).isEqualTo(entry);
    assertThat(image(ImageType.UTSNS, List.of(read.get(0).entry().message()))).isEqualTo(image);
  }

  @ParameterizedTest
  @EnumSource
  void typeWithoutEntries_isRefused(ImageType type) throws IOException {
    if (type.hasEntries()) {
      assertThat(image(type, List.of())).hasSize(type.head() == ImageHead.NONE ? 4 : 8);
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> image(type, List.of()));
    }
  }

  @Test
  void messageOfOtherTypeOrWithoutRequiredField_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image(ImageType.PAGEMAP, List.of(pagemap_entry.getDefaultInstance())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> image(ImageType.MNTS, List.of(mnt_entry.getDefaultInstance())))
        .withMessageContaining("mountpoint");
  }

  private static byte[] image(ImageType type, List<? extends Message> messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = bytes;
        ImageWriter writer = new ImageWriter(out, type)) {
      for (Message message : messages) {
        writer.write(message);
      }
    }
    return bytes.toByteArray();
  }
}
