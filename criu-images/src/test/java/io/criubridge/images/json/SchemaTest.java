// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.CRIU_Opts;
import io.criubridge.images.proto.Opts;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaTest {

  @ParameterizedTest
  @EnumSource
  void schemaOfType_isThatOfItsClass(ImageType type) throws IOException {
    if (!type.hasEntries()) {
      return;
    }
    Message prototype = type.prototype();
    assertThat(prototype.getDescriptorForType().getName()).isEqualTo(type.messageName());
    MessageType message = Schema.load().message(type.messageName());
    assertThat(message.fields).hasSameSizeAs(prototype.getDescriptorForType().getFields());
    for (Field field : message.fields) {
      FieldDescriptor descriptor = prototype.getDescriptorForType().findFieldByNumber(field.number);
      assertThat(field.name).isEqualTo(descriptor.getName());
      assertThat(field.repeated).isEqualTo(descriptor.isRepeated());
      assertThat(field.required).isEqualTo(descriptor.isRequired());
      CRIU_Opts options = descriptor.getOptions().getExtension(Opts.criu);
      assertThat(field.hex).isEqualTo(options.getHex());
      assertThat(field.address).isEqualTo(options.getIpadd());
      assertThat(field.flags).isEqualTo(options.getFlags());
      assertThat(field.device).isEqualTo(options.getDev());
      assertThat(field.glibcDevice).isEqualTo(options.getOdev());
      assertThat(field.dictionary).isEqualTo(options.getDict());
      assertThat(field.unixName).isEqualTo(options.hasConv());
    }
  }
}
