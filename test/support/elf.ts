/** The first bytes of an ELF file. */
export function elf(machine: 'arm64' | 'x86_64'): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46);
  header[4] = 2;
  header[5] = 1;
  header.writeUInt16LE(machine === 'arm64' ? 0xb7 : 0x3e, 18);
  return header;
}
