// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStream;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed archives, which are layers, and the limits of what an archive may ask for. */
class LayerIT {

  @TempDir Path temp;
  private Path target;

  @BeforeEach
  void makeTarget() throws Exception {
    target = Files.createDirectory(temp.resolve("target"));
    Shell.in(target, "mkdir -p d/old e; : > d/a; : > d/old/x; : > gone; : > e/conf; : > .wh.e");
  }

  private Path gzip(byte[] bytes) throws IOException {
    return compressed(Compression.GZIP, bytes);
  }

  private Path compressed(Compression compression, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressing =
        compression == Compression.GZIP
            ? new GZIPOutputStream(out)
            : new ZstdOutputStream(out).setChecksum(true)) {
      compressing.write(bytes);
    }
    return Files.write(temp.resolve("layer"), out.toByteArray());
  }

  private Applied apply(Path archive, ApplyOptions options) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(target)) {
      return RootfsDiff.apply(archive, root, options);
    }
  }

  private Applied apply(Path archive) throws IOException {
    return apply(archive, ApplyOptions.of(Existing.REPLACE));
  }

  private String tree() throws Exception {
    return Shell.in(target, "find . -mindepth 1 | sort | tr '\\n' ' '").strip();
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void compressed_isALayerWithWhiteouts(Compression compression) throws Exception {
    TarBytes layer =
        new TarBytes()
            .file("d/new", "n")
            .file("d/.wh..wh..opq", "")
            .file("d/late", "l")
            .file(".wh.gone", "")
            .file(".wh.absent", "")
            .file(".wh..wh.plnk", "")
            .file("e/.wh.full", "content");
    apply(compressed(compression, layer.bytes()));
    apply(compressed(compression, layer.bytes()));
    assertThat(tree()).isEqualTo("./.wh.e ./d ./d/late ./d/new ./e ./e/.wh.full ./e/conf");
  }

  @Test
  void plain_isADiffInWhichANameIsAName() throws Exception {
    Path archive = new TarBytes().file(".wh.gone", "").file("d/.wh..wh..opq", "").write(temp);
    apply(archive);
    assertThat(tree())
        .isEqualTo(
            "./.wh.e ./.wh.gone ./d ./d/.wh..wh..opq ./d/a ./d/old ./d/old/x ./e ./e/conf ./gone");
  }

  @Test
  void zstd_mayBeginWithAFrameToBeSkipped() throws Exception {
    byte[] layer =
        Files.readAllBytes(
            compressed(Compression.ZSTD, new TarBytes().file(".wh.gone", "").bytes()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'});
    out.writeBytes(layer);
    apply(Files.write(temp.resolve("skippable"), out.toByteArray()));
    assertThat(target.resolve("gone")).doesNotExist();
  }

  /** Engines tell no access lists, and directories only for what is in them. */
  @Test
  void directoryThatIsThere_keepsAttributesThatOtherToolsDoNotTell() throws Exception {
    String attributes = "getfattr -d -m - -e hex d";
    Shell.in(
        target,
        "setfattr -n user.k -v v d; setfattr -n system.posix_acl_default -v "
            + "0x02000000010007000000000004000500000000002000050000000000 d");
    String before = Shell.in(target, attributes);
    assertThat(before).contains("user.k", "posix_acl_default");
    byte[] archive = new TarBytes().directory("d/").file("d/new", "").bytes();
    apply(gzip(archive));
    assertThat(Shell.in(target, attributes)).isEqualTo(before);
    apply(Files.write(temp.resolve("plain.tar"), archive));
    assertThat(Shell.in(target, attributes)).isEqualTo(before);
    // As ours are.
    apply(new TarBytes().directory("./").directory("./d/").file("./d/new", "").write(temp));
    assertThat(Shell.in(target, attributes)).isEmpty();
  }

  @Test
  void form_canBeGiven() throws Exception {
    ApplyOptions usual = ApplyOptions.of(Existing.REPLACE);
    ApplyOptions asDiff =
        new ApplyOptions(
            Existing.REPLACE,
            Optional.of(ArchiveForm.DIFF),
            usual.mounted(),
            usual.limits(),
            usual.progress());
    apply(gzip(new TarBytes().file(".wh.gone", "").bytes()), asDiff);
    assertThat(target.resolve("gone")).exists();
    assertThat(target.resolve(".wh.gone")).exists();
    ApplyOptions asLayer =
        new ApplyOptions(
            Existing.REPLACE,
            Optional.of(ArchiveForm.LAYER),
            usual.mounted(),
            usual.limits(),
            usual.progress());
    apply(new TarBytes().file(".wh.gone", "").write(temp), asLayer);
    assertThat(target.resolve("gone")).doesNotExist();
  }

  @Test
  void whatAMountHid_isLeftOut() throws Exception {
    ApplyOptions usual = ApplyOptions.of(Existing.REPLACE);
    ApplyOptions mounted =
        new ApplyOptions(
            usual.existing(),
            usual.form(),
            MountedPlaces.of(List.of(BytePath.of("/"), BytePath.of("/d"), BytePath.of("/gone"))),
            usual.limits(),
            usual.progress());
    TarBytes layer =
        new TarBytes()
            .directory("d")
            .file("d/hidden", "h")
            .file("d/.wh.a", "")
            .file("gone", "")
            .file("d2", "2");
    assertThat(apply(compressed(Compression.GZIP, layer.bytes()), mounted))
        .isEqualTo(new Applied(1, 0, 4));
    assertThat(tree()).isEqualTo("./.wh.e ./d ./d/a ./d/old ./d/old/x ./d2 ./e ./e/conf ./gone");
  }

  @Test
  void whiteout_sparesWhatTheLayerBrought() throws Exception {
    apply(
        gzip(
            new TarBytes()
                .directory("d")
                .file("d/new", "")
                .file(".wh.d", "")
                .file("gone", "back")
                .file(".wh.gone", "")
                .bytes()));
    assertThat(tree()).isEqualTo("./.wh.e ./d ./d/new ./e ./e/conf ./gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", ".wh..", ".wh...", "d/.wh..", "d/.wh..."})
  void whiteout_ofNoNameIsRefused(String name) throws Exception {
    String before = tree();
    Path layer = gzip(new TarBytes().file(name, "").bytes());
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> apply(layer))
        .withMessageContaining("'" + name + "'");
    assertThat(tree()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd377a585a00", "425a6839", "04224d18"})
  void otherCompression_isRefusedByName(String magic) throws Exception {
    Path archive = Files.write(temp.resolve("x"), HexFormat.of().parseHex(magic + "00000000"));
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> apply(archive))
        .withMessageMatching(".*(xz|bzip2|lz4) is not read here.*");
  }

  @ParameterizedTest
  @CsvSource({
    "GZIP, 12",
    "GZIP, 300",
    "GZIP, 5000",
    "GZIP, 20000",
    "ZSTD, 5",
    "ZSTD, 12",
    "ZSTD, 300",
    "ZSTD, 5000",
    "ZSTD, 20000"
  })
  void compressed_cutOrDamagedIsRefused(Compression compression, int cut) throws Exception {
    byte[] noise = new byte[40_000];
    new java.util.Random(1).nextBytes(noise);
    byte[] tar = new TarBytes().file("big", PaxRecords.text(noise)).bytes();
    byte[] whole = Files.readAllBytes(compressed(compression, tar));
    Path shorter = Files.write(temp.resolve("cut"), Arrays.copyOf(whole, cut));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> apply(shorter));
    // Of both the checksum is at the end: eight bytes with the length, or four.
    whole[whole.length - (compression == Compression.GZIP ? 6 : 2)] ^= 1;
    Path damaged = Files.write(temp.resolve("damaged"), whole);
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> apply(damaged))
        .withMessageContaining("damaged");
  }

  @Test
  void limits_stopABombAndTooManyEntries() throws Exception {
    ApplyOptions usual = ApplyOptions.of(Existing.REPLACE);
    byte[] bomb = new TarBytes().file("bomb", "\0".repeat(1 << 20)).bytes();
    ApplyOptions small =
        new ApplyOptions(
            Existing.REPLACE,
            usual.form(),
            usual.mounted(),
            new ArchiveLimits(100, 1 << 19),
            usual.progress());
    for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD)) {
      Path layer = compressed(compression, bomb);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> apply(layer, small))
          .withMessageContaining("'bomb': with its 1048576 bytes is beyond the limit of 524288");
      assertThat(target.resolve("bomb")).doesNotExist();
    }
    TarBytes many = new TarBytes();
    for (int i = 0; i < 101; i++) {
      many.file("f" + i, "");
    }
    Path archive = many.write(temp);
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> apply(archive, small))
        .withMessageContaining("'f100'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0", "0.1", "1.0"})
  void sparseFormats_ofGnuTarAreRead(String version) throws Exception {
    Path source = Files.createDirectory(temp.resolve("source"));
    Shell.in(
        source,
        "truncate -s 3M s; printf data | dd of=s bs=1 seek=1500000 conv=notrunc status=none;"
            + " truncate -s 1M hole; printf tail > t; truncate -s 2M t");
    Shell.in(
        temp,
        "tar -C source -cf made.tar --format=pax --xattrs --sparse --sparse-version="
            + version
            + " .");
    apply(temp.resolve("made.tar"));
    Shell.in(temp, "for f in s hole t; do cmp source/$f target/$f; done");
    assertThat(Shell.in(target, "stat -c %b s hole t"))
        .isEqualTo(Shell.in(source, "stat -c %b s hole t"));
  }

  @Test
  void sequence_hasTheResultThatGnuTarGives() throws Exception {
    Path archive =
        new TarBytes()
            .file("a", "1")
            .hardLink("b", "a")
            .file("a", "2")
            .hardLink("c", "a")
            .symlink("a", "b")
            .file("p/q", "x")
            .file("b", "3")
            .directory("p")
            .file("p/q", "y")
            .symlink("p/q", "z")
            .write(temp);
    Path expected = Files.createDirectory(temp.resolve("expected"));
    Shell.in(expected, "tar -xpf " + archive);
    target = Files.createDirectory(temp.resolve("fresh"));
    apply(archive);
    String list =
        "find . -mindepth 1 -printf '%p %y %m %l %n ' -type f -exec cat {} \\; -printf '\\n' | sort";
    assertThat(Shell.in(target, list)).isEqualTo(Shell.in(expected, list));
  }

  @Test
  void captureByName_listsWhatTheNamesStandFor() throws Exception {
    Path upper = Files.createDirectory(temp.resolve("upper"));
    Shell.in(
        upper,
        "mkdir subdir; : > .wh.somefile; : > subdir/.wh.nested; echo x > .wh.full;"
            + " : > subdir/.wh..wh..opq; mknod kernel c 0 0");
    try (ScopedRoot root = ScopedRoot.open(upper)) {
      assertThat(DeletedFiles.captureByName(root))
          .containsExactly(
              BytePath.of("/kernel"), BytePath.of("/somefile"), BytePath.of("/subdir/nested"));
      Files.createFile(upper.resolve(".wh.."));
      assertThatExceptionOfType(TarFormatException.class)
          .isThrownBy(() -> DeletedFiles.captureByName(root))
          .withMessageContaining("'.wh..'");
    }
  }
}
