// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.task_core_entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What CRIU now writes within the images of a process, and once wrote to files of its own: areas of
 * memory, credentials, signal handlers, limits, timers, waiting signals.
 */
class LegacyTypesTest {

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/kinds", "4.2.1/kinds"})
  void fileOfItsOwn_hasTheContentThatIsNowWithin(String name) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    int pid = set.processes().get(0).pid();
    String within =
        recorded(name, ImageType.CORE.fileName().name(pid))
            + recorded(name, ImageType.MM.fileName().name(pid));
    for (Map.Entry<ImageType, List<? extends Message>> legacy : legacy(set, pid).entrySet()) {
      ImageType type = legacy.getKey();
      assertThat(legacy.getValue()).as("%s", type).isNotEmpty();
      byte[] image = image(type, legacy.getValue());
      String file = type.fileName().name(pid);
      for (Form form : Form.values()) {
        String json = InMemory.decode(file, image, form);
        assertThat(InMemory.encode(json)).as(json).isEqualTo(image);
      }
      String plain = InMemory.decode(file, image, Form.PLAIN);
      String head = "{\"magic\": \"%s\", \"entries\": [".formatted(type.critName());
      assertThat(plain).startsWith(head).endsWith("]}");
      for (String entry : plain.substring(head.length(), plain.length() - 2).split("(?<=}), ")) {
        assertThat(within).as("%s", type).contains(entry);
      }
    }
  }

  private static Map<ImageType, List<? extends Message>> legacy(ImageSet set, int pid)
      throws IOException {
    core_entry core = set.required(ImageType.CORE.fileName().name(pid), core_entry.class);
    mm_entry memory = set.required(ImageType.MM.fileName().name(pid), mm_entry.class);
    task_core_entry task = core.getTc();
    Map<ImageType, List<? extends Message>> legacy = new EnumMap<>(ImageType.class);
    legacy.put(ImageType.VMAS, memory.getVmasList());
    legacy.put(ImageType.CREDS, List.of(core.getThreadCore().getCreds()));
    legacy.put(ImageType.SIGACT, task.getSigactionsList());
    legacy.put(ImageType.RLIMIT, task.getRlimits().getRlimitsList());
    legacy.put(
        ImageType.ITIMERS,
        List.of(
            task.getTimers().getReal(), task.getTimers().getVirt(), task.getTimers().getProf()));
    legacy.put(ImageType.POSIX_TIMERS, task.getTimers().getPosixList());
    legacy.put(ImageType.SIGNAL, task.getSignalsS().getSignalsList());
    legacy.put(ImageType.PSIGNAL, core.getThreadCore().getSignalsP().getSignalsList());
    return legacy;
  }

  private static byte[] image(ImageType type, List<? extends Message> entries) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(image, type)) {
      for (Message entry : entries) {
        writer.write(entry);
      }
    }
    return image.toByteArray();
  }

  /** What crit made of a recorded image. */
  private static String recorded(String set, String file) throws IOException {
    return Files.readString(Fixtures.path("crit-json/" + set + "/" + file + ".json"));
  }
}
