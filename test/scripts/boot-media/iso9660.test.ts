import { expect, it } from "vitest";
import { isoImage } from "../../../scripts/boot-media/iso9660";

const SECTOR = 2048;
const contents = { "user-data": `#cloud-config\n${"ä".repeat(3000)}\n`, "meta-data": "a: b\n", "network-config": "" };

/** Reads the volume by the standard: the second descriptor is Joliet's, its root record lies at byte 156. */
function read(image: Buffer): Record<string, string> {
  const descriptor = image.subarray(17 * SECTOR, 18 * SECTOR);
  expect(descriptor.toString("latin1", 88, 91)).toBe("%/E");
  const root = descriptor.subarray(156);
  let at = root.readUInt32LE(2) * SECTOR;
  const files: Record<string, string> = {};
  for (let length = image[at]!; length > 0; at += length, length = image[at]!) {
    const record = image.subarray(at, at + length);
    expect(record.readUInt32LE(2)).toBe(record.readUInt32BE(6));
    if ((record[25]! & 2) !== 0) continue;
    const name = Buffer.from(record.subarray(33, 33 + record[32]!))
      .swap16()
      .toString("utf16le");
    const start = record.readUInt32LE(2) * SECTOR;
    files[name] = image.toString("utf8", start, start + record.readUInt32LE(10));
  }
  return files;
}

it("keeps names and contents as they were", () => {
  const image = isoImage("CIDATA", contents);
  expect(read(image)).toEqual(Object.fromEntries(Object.entries(contents).map(([name, text]) => [`${name};1`, text])));
  expect(image.length % SECTOR).toBe(0);
  expect(image.readUInt32LE(16 * SECTOR + 80) * SECTOR).toBe(image.length);
  expect(image.toString("latin1", 16 * SECTOR + 40, 16 * SECTOR + 46)).toBe("CIDATA");
});

it("gives the same bytes for the same content, and refuses a label that no system would find", () => {
  expect(isoImage("CIDATA", contents).equals(isoImage("CIDATA", contents))).toBe(true);
  expect(() => isoImage("a label", contents)).toThrow("no label");
});
