const BLOCK = 512;

/**
 * A tar archive (POSIX ustar) of one text file, owned by root and dated 1970-01-01: the same bytes for the same text,
 * on every machine, so that an image of it has the same digest everywhere.
 */
export function tarOf(name: string, text: string): Buffer {
  const body = Buffer.from(text, "utf8");
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(name, 0, 100, "utf8");
  header.write(octal(0o444, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(body.length, 11), 124);
  header.write(octal(0, 11), 136);
  // The checksum is taken with its own field filled with spaces.
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  // Two empty blocks end an archive.
  return Buffer.concat([header, body, padding, Buffer.alloc(2 * BLOCK)]);
}
