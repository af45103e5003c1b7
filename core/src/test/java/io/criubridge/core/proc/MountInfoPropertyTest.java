// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static io.criubridge.core.proc.RawText.bytes;
import static io.criubridge.core.proc.RawText.refusedAtMost;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PathText;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What the kernel prints of mounts is read back, and nothing that is read does harm. */
class MountInfoPropertyTest {

  private static final String PATH_ESCAPES = " \t\n\\#";

  /** Source: {@code seq_show_option()} in include/linux/seq_file.h */
  private static final String NAME_ESCAPES = ",= \t\n\\";

  private static final String VALUE_ESCAPES = ", \t\n\\";

  @Property
  void mountInfo_printed_isReadBack(@ForAll("mounts") MountInfo mount) throws IOException {
    assertThat(MountTable.parse(bytes(print(mount))).mounts()).containsExactly(mount);
  }

  @Property
  void mountInfo_anyBytes_areReadOrRefused(@ForAll("garbage") byte[] content) {
    refusedAtMost(() -> MountTable.parse(content));
  }

  @Property
  void mountInfo_damagedLine_isReadOrRefused(
      @ForAll("mounts") MountInfo mount, @ForAll @IntRange(max = 400) int at, @ForAll byte value) {
    byte[] line = bytes(print(mount));
    line[at % line.length] = value;
    refusedAtMost(() -> MountTable.parse(line));
  }

  @Property
  void overlayOptions_printed_areReadBack(
      @ForAll("names") String upper,
      @ForAll @Size(min = 1, max = 5) List<@From("layers") String> lower)
      throws IOException {
    String value = lower.stream().map(l -> overlayEscape(l, "\\:,")).collect(joining(":"));
    String options =
        "rw,upperdir="
            + octal(overlayEscape(upper, "\\,"), VALUE_ESCAPES)
            + ",lowerdir="
            + octal(value, VALUE_ESCAPES);
    MountInfo mount =
        MountTable.parse(bytes("9 5 0:5 / / rw - overlay overlay " + options + "\n"))
            .mounts()
            .get(0);
    assertThat(mount.superOption("upperdir").orElseThrow().unescapedValue())
        .isEqualTo(ProcText.decode(upper));
    assertThat(mount.superOption("lowerdir").orElseThrow().unescapedParts())
        .isEqualTo(lower.stream().map(ProcText::decode).toList());
  }

  @Property
  void overlayOption_anyText_isUnescaped(@ForAll String value) {
    SuperOption option = new SuperOption("lowerdir", value);
    assertThat(option.unescapedValue().length()).isLessThanOrEqualTo(value.length());
    assertThat(option.unescapedParts()).isNotEmpty();
  }

  @Provide
  Arbitrary<byte[]> garbage() {
    return RawText.garbage();
  }

  @Provide
  Arbitrary<String> names() {
    return RawText.names();
  }

  @Provide
  Arbitrary<String> layers() {
    return names().filter(name -> !name.isEmpty());
  }

  @Provide
  Arbitrary<BytePath> paths() {
    return names()
        .map(name -> name.replace('/', '_'))
        .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."))
        .list()
        .ofMaxSize(4)
        .map(names -> BytePath.ofLatin1("/" + String.join("/", names)));
  }

  @Provide
  Arbitrary<MountInfo> mounts() {
    Arbitrary<Integer> numbers = Arbitraries.integers().greaterOrEqual(0);
    Arbitrary<Propagation> propagation =
        Combinators.combine(numbers, numbers, numbers, Arbitraries.of(true, false))
            .as(Propagation::new);
    Arbitrary<List<SuperOption>> options =
        Combinators.combine(
                names().filter(n -> !n.contains("\"")), names().filter(n -> !n.contains("\"")))
            .as(
                (name, value) ->
                    new SuperOption(ProcText.decode("x" + name), ProcText.decode(value)))
            .list()
            .ofMinSize(1)
            .ofMaxSize(4);
    Arbitrary<List<String>> flags =
        Arbitraries.of("rw", "ro", "nosuid", "noexec", "relatime").list().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(
            numbers, numbers, paths(), paths(), propagation, names(), options, flags)
        .as(
            (id, device, root, place, ties, source, supers, flagList) ->
                new MountInfo(
                    id,
                    device,
                    device,
                    id,
                    root,
                    RootState.LINKED,
                    place,
                    flagList,
                    ties,
                    "fuse.x",
                    ProcText.decode(source),
                    supers));
  }

  /** As {@code show_mountinfo()} in fs/proc_namespace.c does. */
  private static String print(MountInfo mount) {
    Propagation ties = mount.propagation();
    return mount.id()
        + " "
        + mount.parentId()
        + " "
        + mount.major()
        + ":"
        + mount.minor()
        + " "
        + octal(raw(mount.root()), PATH_ESCAPES)
        + " "
        + octal(raw(mount.mountPoint()), PATH_ESCAPES)
        + " "
        + String.join(",", mount.options())
        + tag(" shared:", ties.sharedGroup())
        + tag(" master:", ties.masterGroup())
        + tag(" propagate_from:", ties.propagateFromGroup())
        + (ties.unbindable() ? " unbindable" : "")
        + " - "
        + mount.fsType()
        + " "
        + octal(raw(mount.source()), PATH_ESCAPES)
        + " "
        + mount.superOptions().stream()
            .map(
                o ->
                    octal(raw(o.name()), NAME_ESCAPES) + "=" + octal(raw(o.value()), VALUE_ESCAPES))
            .collect(joining(","))
        + "\n";
  }

  private static String tag(String name, int group) {
    return group == 0 ? "" : name + group;
  }

  private static String raw(BytePath path) {
    return new String(path.bytes(), ISO_8859_1);
  }

  private static String raw(String text) {
    return new String(PathText.bytes(text), ISO_8859_1);
  }

  private static String octal(String raw, String escapes) {
    return raw.chars()
        .mapToObj(c -> escapes.indexOf(c) < 0 ? String.valueOf((char) c) : "\\%03o".formatted(c))
        .collect(joining());
  }

  private static String overlayEscape(String raw, String escapes) {
    return raw.chars()
        .mapToObj(c -> (escapes.indexOf(c) < 0 ? "" : "\\") + (char) c)
        .collect(joining());
  }
}
