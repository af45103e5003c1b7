// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Members of one directory, with the data of small ones, on their way to one thread. */
final class EntryBatch {

  /** Files up to this size go through the buffer: for them a call more counts most. */
  static final int SMALL_FILE = 1 << 16;

  static final int BUFFER = 1 << 18;
  private static final int MAX_ENTRIES = 64;

  /**
   * Bytes of attributes, and parts of sparse files, from which on a batch takes no more members. A
   * few in one are usual; an archive that has a mebibyte of them in each must not fill the heap.
   */
  private static final int MAX_DETAILS = 1 << 16;

  private record Entry(TarMember member, MemberContent content) {}

  private final BytePath directory;
  private final Fd parent;
  private final ByteBuffer buffer;
  private final List<Entry> entries = new ArrayList<>();
  private int details;
  private boolean full;

  /**
   * Starts a batch.
   *
   * @param parent the directory; closed by {@link #write}
   * @param buffer a direct one, empty
   */
  EntryBatch(BytePath directory, Fd parent, ByteBuffer buffer) {
    this.directory = directory;
    this.parent = parent;
    this.buffer = buffer;
  }

  boolean takes(BytePath path, long dataBytes) {
    boolean fits = dataBytes > SMALL_FILE || dataBytes <= buffer.remaining();
    return !full && fits && entries.size() < MAX_ENTRIES && path.parent().equals(directory);
  }

  /** Adds a member whose data is small. */
  void addSmall(TarMember member, TarReader archive) throws IOException {
    byte[] data = new byte[(int) archive.dataLeft()];
    archive.readData(data, data.length);
    int start = buffer.position();
    buffer.put(data);
    ByteBuffer slice = buffer.duplicate().position(start).limit(start + data.length);
    entries.add(new Entry(member, MemberContent.of(slice)));
    details += detailsOf(member);
    full = details >= MAX_DETAILS;
  }

  private static int detailsOf(TarMember member) {
    int sum = member.content().segments().size();
    for (Map.Entry<String, byte[]> xattr : member.xattrs().entrySet()) {
      sum += xattr.getKey().length() + xattr.getValue().length;
    }
    return sum;
  }

  /** Adds a member whose data is still in the archive; copying it is work enough for one thread. */
  void addLarge(TarMember member, FileChannel archive, long offset, DiffProgress progress) {
    // It is the last one: what others have in the buffer is written then.
    entries.add(new Entry(member, MemberContent.of(archive, offset, buffer, progress)));
    full = true;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /**
   * Puts all of it in place.
   *
   * @throws ApplyException naming the member that failed
   */
  void write(EntryWriter writer, DiffProgress progress) throws IOException {
    try (Fd dir = parent) {
      boolean inherits = EntryWriter.passesOnAccessList(dir);
      for (Entry entry : entries) {
        try {
          writer.create(dir, inherits, entry.member(), entry.content());
        } catch (TarFormatException e) {
          throw e;
        } catch (IOException e) {
          throw ApplyException.ofEntry(entry.member().path(), progress.entries(), e);
        }
        progress.entryDone();
      }
    }
  }

  /** Lets go of it. */
  void discard() throws IOException {
    parent.close();
  }
}
