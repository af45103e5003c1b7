// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.fifo_entry;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.memfd_inode_entry;
import io.criubridge.images.proto.remap_file_path_entry;
import io.criubridge.images.proto.tty_info_entry;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes open files of their entries, with what other files of the set say of them. */
final class FileReader {
  private final ImageSet set;
  private final Set<Integer> deleted = new HashSet<>();
  private final Map<Integer, ByteString> paths = new HashMap<>();
  private final Map<Long, memfd_inode_entry> memoryFiles = new HashMap<>();
  private final Map<Integer, tty_info_entry> terminals = new HashMap<>();

  FileReader(ImageSet set, Iterable<FileEntry> files) throws IOException {
    this.set = set;
    for (ImageEntry entry : set.entries(ImageType.REMAP_FPATH.fileName().name())) {
      deleted.add(((remap_file_path_entry) entry.message()).getOrigId());
    }
    for (ImageEntry entry : set.entries(ImageType.MEMFD_INODE.fileName().name())) {
      memfd_inode_entry inode = (memfd_inode_entry) entry.message();
      memoryFiles.put(inode.getInodeId(), inode);
    }
    for (ImageEntry entry : set.entries(ImageType.TTY_INFO.fileName().name())) {
      tty_info_entry terminal = (tty_info_entry) entry.message();
      terminals.put(terminal.getId(), terminal);
    }
    for (FileEntry file : files) {
      if (file.message().hasReg()) {
        paths.put(file.message().getReg().getId(), file.message().getReg().getNameBytes());
      }
    }
  }

  /** An entry and where it is from. */
  record FileEntry(String image, long offset, file_entry message) {}

  OpenFile read(FileEntry entry) throws ImageFormatException {
    try {
      return read(entry.message());
    } catch (IllegalArgumentException e) {
      ImageFormatException failure =
          new ImageFormatException(
              set.file(entry.image()),
              entry.offset(),
              "an open file of kind " + entry.message().getType(),
              String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  private OpenFile read(file_entry file) {
    long id = Integer.toUnsignedLong(file.getId());
    if (file.hasReg()) {
      return RegularFile.of(file.getReg(), deleted.contains(file.getReg().getId()));
    } else if (file.hasPipe()) {
      long pipe = Integer.toUnsignedLong(file.getPipe().getPipeId());
      return new Pipe(id, fd_types.PIPE, pipe, Optional.empty());
    } else if (file.hasFifo()) {
      return fifo(id, file.getFifo());
    } else if (file.hasIsk()) {
      return InetSocket.of(file.getIsk());
    } else if (file.hasUsk()) {
      return UnixSocket.of(file.getUsk());
    } else if (file.hasMemfd()) {
      return memoryFile(id, Integer.toUnsignedLong(file.getMemfd().getInodeId()));
    }
    return new SpecialFile(id, file.getType(), detail(file));
  }

  private MemoryFile memoryFile(long id, long inodeId) {
    memfd_inode_entry inode = memoryFiles.get(inodeId);
    if (inode == null) {
      throw new IllegalArgumentException("one whose inode %d memfd.img lacks".formatted(inodeId));
    }
    return MemoryFile.of(id, inode);
  }

  private Pipe fifo(long id, fifo_entry fifo) {
    // Before it had a field of its own, the regular file had the fifo's id.
    int place = fifo.hasRegfId() ? fifo.getRegfId() : fifo.getId();
    return new Pipe(
        id,
        fd_types.FIFO,
        Integer.toUnsignedLong(fifo.getPipeId()),
        Optional.ofNullable(paths.get(place)));
  }

  private ByteString detail(file_entry file) {
    if (file.hasTty()) {
      return terminal(file);
    } else if (file.hasTunf()) {
      return file.getTunf().getNetdevBytes();
    } else if (file.hasBpf()) {
      return file.getBpf().getMapNameBytes();
    }
    return ByteString.copyFromUtf8(numbers(file));
  }

  private ByteString terminal(file_entry file) {
    tty_info_entry info = terminals.get(file.getTty().getTtyInfoId());
    String index = info != null && info.hasPty() ? "pts/" + info.getPty().getIndex() + " " : "";
    ByteString path = paths.getOrDefault(file.getTty().getRegfId(), ByteString.EMPTY);
    return ByteString.copyFromUtf8(index).concat(path);
  }

  private static String numbers(file_entry file) {
    return switch (file.getType()) {
      case EVENTFD -> "count " + Long.toUnsignedString(file.getEfd().getCounter());
      case EVENTPOLL -> file.getEpfd().getTfdCount() + " watched";
      case SIGNALFD -> "signals 0x%x".formatted(file.getSgfd().getSigmask());
      case TIMERFD -> "clock " + file.getTfd().getClockid();
      case INOTIFY -> file.getIfy().getWdCount() + " watches";
      case FANOTIFY -> file.getFfy().getMarkCount() + " marks";
      case NETLINKSK -> "protocol " + file.getNlsk().getProtocol();
      case PACKETSK -> "interface " + file.getPsk().getIfindex();
      case NS -> "namespace " + Integer.toUnsignedString(file.getNsf().getNsId());
      case PIDFD -> "pid " + file.getPidfd().getNspid();
      default -> "";
    };
  }
}
