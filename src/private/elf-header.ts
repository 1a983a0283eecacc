/** The numbers of Lambda's architectures in the header of an ELF file. */
const MACHINES: Record<string, number> = { arm64: 0xb7, x86_64: 0x3e };
/** The bytes of a file that `elfMachine` needs. */
export const ELF_HEADER_BYTES = 20;

/**
 * The processor of an ELF file: `arm64`, `x86_64`, or its number. Undefined for a file in another format, which Linux
 * cannot load.
 */
export function elfMachine(header: Buffer): string | undefined {
  if (header.length < ELF_HEADER_BYTES || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const isBigEndian = header[5] === 2;
  const machine = isBigEndian ? header.readUInt16BE(18) : header.readUInt16LE(18);
  const known = isBigEndian ? undefined : Object.entries(MACHINES).find(([, number]) => number === machine);
  return known?.[0] ?? `processor ${machine}`;
}
