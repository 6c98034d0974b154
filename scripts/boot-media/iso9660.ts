const SECTOR = 2048;
const DESCRIPTORS = 16;
/** Where path tables, then root directories, then files begin: one sector for each table and directory. */
const [PATHS, ROOTS, FILES] = [19, 23, 25];

interface Placed {
  readonly name: string;
  readonly content: Buffer;
  readonly sector: number;
}

/** One of the two views of the volume: the plain one of 1988, and Joliet's with names as they are. */
interface View {
  readonly encode: (text: string) => Buffer;
  readonly nameOf: (file: Placed, index: number) => Buffer;
  readonly pathTables: readonly [number, number];
  readonly root: number;
}

const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const ascii = (text: string): Buffer => Buffer.from(text, "latin1");

const plain: View = {
  encode: ascii,
  // Names of level 1 have no hyphen; every system that reads seeds reads the other view.
  nameOf: (_file, index) => ascii(`FILE${index + 1}.;1`),
  pathTables: [PATHS, PATHS + 1],
  root: ROOTS,
};
const joliet: View = {
  encode: utf16,
  nameOf: ({ name }) => utf16(`${name};1`),
  pathTables: [PATHS + 2, PATHS + 3],
  root: ROOTS + 1,
};

/** Both byte orders, one after the other, as the standard wants most numbers. */
function both(bytes: 2 | 4, value: number): Buffer {
  const field = Buffer.alloc(2 * bytes);
  field.writeUIntLE(value, 0, bytes);
  field.writeUIntBE(value, bytes, bytes);
  return field;
}

const padded = (text: Buffer, length: number, fill: Buffer): Buffer =>
  Buffer.alloc(length, fill).fill(text, 0, text.length);

/** 2000-01-01T00:00:00Z: the same content gives the same bytes, on every day. */
const recordDate = Buffer.from([100, 1, 1, 0, 0, 0, 0]);
const volumeDate = Buffer.concat([ascii("2000010100000000"), Buffer.from([0])]);
const noDate = Buffer.concat([ascii("0".repeat(16)), Buffer.from([0])]);

function record(name: Buffer, sector: number, length: number, directory: boolean): Buffer {
  const size = 33 + name.length + ((33 + name.length) % 2);
  return Buffer.concat(
    [
      Buffer.from([size, 0]),
      both(4, sector),
      both(4, length),
      recordDate,
      Buffer.from([directory ? 2 : 0, 0, 0]),
      both(2, 1),
      Buffer.from([name.length]),
      name,
    ],
    size,
  );
}

const rootRecord = (view: View, name = 0): Buffer => record(Buffer.from([name]), view.root, SECTOR, true);

function rootDirectory(view: View, files: readonly Placed[]): Buffer {
  const entries = files
    .map((file, index) => ({ name: view.nameOf(file, index), file }))
    .sort((one, other) => Buffer.compare(one.name, other.name))
    .map(({ name, file }) => record(name, file.sector, file.content.length, false));
  const directory = Buffer.concat([rootRecord(view), rootRecord(view, 1), ...entries]);
  if (directory.length > SECTOR) throw new Error("the root directory holds more than a sector of names");
  return sectors(directory);
}

function pathTable(view: View, bigEndian: boolean): Buffer {
  const table = Buffer.alloc(10);
  table.writeUInt8(1, 0);
  if (bigEndian) table.writeUInt32BE(view.root, 2);
  else table.writeUInt32LE(view.root, 2);
  if (bigEndian) table.writeUInt16BE(1, 6);
  else table.writeUInt16LE(1, 6);
  return table;
}

function descriptor(view: View, label: string, total: number): Buffer {
  const space = view.encode(" ");
  const text = (value: string, length: number) => padded(view.encode(value), length, space);
  const pointer = (sector: number, bigEndian: boolean) => {
    const field = Buffer.alloc(4);
    if (bigEndian) field.writeUInt32BE(sector);
    else field.writeUInt32LE(sector);
    return field;
  };
  const isJoliet = view === joliet;
  return sectors(
    Buffer.concat([
      Buffer.from([isJoliet ? 2 : 1]),
      ascii("CD001"),
      Buffer.from([1, 0]),
      text("LINUX", 32),
      text(label, 32),
      Buffer.alloc(8),
      both(4, total),
      // Level 3 of Joliet: any character of UCS-2.
      padded(ascii(isJoliet ? "%/E" : ""), 32, Buffer.from([0])),
      both(2, 1),
      both(2, 1),
      both(2, SECTOR),
      both(4, 10),
      pointer(view.pathTables[0], false),
      pointer(0, false),
      pointer(view.pathTables[1], true),
      pointer(0, true),
      rootRecord(view),
      text("", 128),
      text("", 128),
      text("", 128),
      text("CLOISTER", 128),
      // Fields of 37 bytes cannot be filled with characters of two: what is odd stays zero.
      ...[37, 37, 37].map((length) =>
        padded(text("", length - (length % 2)), length, isJoliet ? Buffer.from([0]) : space),
      ),
      volumeDate,
      volumeDate,
      noDate,
      noDate,
      Buffer.from([1, 0]),
    ]),
  );
}

const sectors = (content: Buffer): Buffer =>
  Buffer.concat([content], Math.max(1, Math.ceil(content.length / SECTOR)) * SECTOR);

/**
 * An ISO 9660 volume with Joliet names and a flat root: all that a NoCloud seed is. Neither npm nor Node has a writer.
 *
 * @param label name of the volume, at most 16 characters of ASCII.
 * @param contents name to content; names of up to 64 characters.
 */
export function isoImage(label: string, contents: Readonly<Record<string, string>>): Buffer {
  if (!/^[A-Z0-9_]{1,16}$/.test(label)) throw new Error(`${label} is no label of a volume`);
  let next = FILES;
  const files = Object.entries(contents).map(([name, text]): Placed => {
    const content = Buffer.from(text, "utf8");
    const sector = next;
    next += Math.max(1, Math.ceil(content.length / SECTOR));
    return { name, content, sector };
  });
  const terminator = sectors(Buffer.concat([Buffer.from([255]), ascii("CD001"), Buffer.from([1])]));
  return Buffer.concat([
    Buffer.alloc(DESCRIPTORS * SECTOR),
    descriptor(plain, label, next),
    descriptor(joliet, label, next),
    terminator,
    ...[plain, joliet].flatMap((view) => [sectors(pathTable(view, false)), sectors(pathTable(view, true))]),
    rootDirectory(plain, files),
    rootDirectory(joliet, files),
    ...files.map(({ content }) => sectors(content)),
  ]);
}
