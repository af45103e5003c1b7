// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The dynamic symbols of a 64-bit little-endian ELF file, as all machines are that CRIU 4 and this
 * project run on.
 *
 * <p>Source: elf(5): Elf64_Ehdr, Elf64_Shdr, Elf64_Sym
 */
final class ElfSymbols {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;

  private static final int SECTION_HEADERS = 40;
  private static final int SECTION_COUNT = 60;
  private static final int SECTION_HEADER_SIZE = 64;

  private static final int SHT_DYNSYM = 11;
  private static final int SYMBOL_SIZE = 24;
  private static final int NOT_DEFINED = 0;

  private final ByteBuffer elf;

  private ElfSymbols(byte[] content) {
    elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The names that the file defines for others to link with.
   *
   * @throws IOException naming the file, if it is not such an ELF file
   */
  static Set<String> defined(Path file, byte[] content) throws IOException {
    try {
      return new ElfSymbols(content).defined();
    } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException(file + ": no ELF program: its tables lead out of it", e);
    } catch (NotElfException e) {
      throw new IOException(file + ": no 64-bit ELF program", e);
    }
  }

  private Set<String> defined() throws NotElfException {
    if (elf.getInt(0) != MAGIC || elf.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
      throw new NotElfException();
    }
    Set<String> names = new HashSet<>();
    int headers = Math.toIntExact(elf.getLong(SECTION_HEADERS));
    int count = Short.toUnsignedInt(elf.getShort(SECTION_COUNT));
    for (int i = 0; i < count; i++) {
      int header = headers + i * SECTION_HEADER_SIZE;
      if (elf.getInt(header + 4) == SHT_DYNSYM) {
        int strings = headers + elf.getInt(header + 40) * SECTION_HEADER_SIZE;
        addNames(offset(header), Math.toIntExact(elf.getLong(header + 32)), offset(strings), names);
      }
    }
    return names;
  }

  private int offset(int header) {
    return Math.toIntExact(elf.getLong(header + 24));
  }

  private void addNames(int table, int size, int strings, Set<String> names) {
    for (int at = table; at <= table + size - SYMBOL_SIZE; at += SYMBOL_SIZE) {
      if (elf.getShort(at + 6) != NOT_DEFINED) {
        names.add(string(Math.addExact(strings, elf.getInt(at))));
      }
    }
  }

  private String string(int start) {
    int end = start;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), start, end - start, ISO_8859_1);
  }

  private static final class NotElfException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
