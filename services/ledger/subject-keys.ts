import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "./journal";

/** Quarters, as folders name them: `2026-q4`. */
export function quarterOf(time: number): string {
  const date = new Date(time);
  return `${date.getUTCFullYear()}-q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

/** Milliseconds since 1970 at which a quarter ends. */
export function endOf(quarter: string): number {
  const [year = "", number = ""] = quarter.split("-q");
  return Date.UTC(Number(year), Number(number) * 3, 1);
}

const mac = (key: Buffer, text: string): string => createHmac("sha256", key).update(text).digest("hex");

const mostCached = 50_000;

/** A file that is there whole or not at all, also after a power cut. */
async function writeNew(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(`${path}.new`, "w", 0o600);
  await handle.writeFile(bytes);
  await handle.sync();
  await handle.close();
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/**
 * A key for each person and quarter, on the ledger's own disk and nowhere else. The record names people and prompts by keyed
 * digests alone: when the key is destroyed, what stays under lock can be linked to nobody. They are wrapped, so that a file
 * that was copied without the one beside it opens nothing; the disk itself is encrypted by a key of the customer's.
 */
export class SubjectKeys {
  private readonly cache = new Map<string, Promise<Buffer>>();
  private readonly names: Buffer;
  private readonly wrapping: Buffer;

  private constructor(
    private readonly folder: string,
    wrappingKey: Buffer,
  ) {
    this.names = Buffer.from(hkdfSync("sha256", wrappingKey, "", "cloister ledger file names", 32));
    this.wrapping = Buffer.from(hkdfSync("sha256", wrappingKey, "", "cloister ledger wrapping", 32));
  }

  /** Opens the folder; what it wraps with is drawn when it is new. */
  public static async open(folder: string): Promise<SubjectKeys> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "wrapping.key");
    if (!existsSync(path)) {
      if (readdirSync(folder).some((name) => /^\d{4}-q/.test(name))) throw new Error(`${path} is missing`);
      await writeNew(path, randomBytes(32));
    }
    return new SubjectKeys(folder, readFileSync(path));
  }

  /** The pseudonym of a person at a time, and their digests under the same key; the key is made where there is none. */
  public async protect(
    person: string,
    digests: Readonly<Record<string, string>>,
    time: number,
  ): Promise<{ readonly subject: string; readonly digests: Record<string, string> }> {
    const key = await this.keyOf(person, quarterOf(time));
    return {
      subject: mac(key, "subject"),
      digests: Object.fromEntries(Object.entries(digests).map(([name, value]) => [name, mac(key, `${name}:${value}`)])),
    };
  }

  /** Pseudonyms that a person had, by quarter; quarters whose key is destroyed are not among them. */
  public pseudonyms(person: string): Record<string, string> {
    const found = this.quarters().flatMap((quarter): [string, string][] => {
      const path = this.pathOf(person, quarter);
      return existsSync(path) ? [[quarter, mac(this.unwrap(readFileSync(path), path), "subject")]] : [];
    });
    return Object.fromEntries(found);
  }

  /** Destroys every key of a person. @returns the quarters whose key was there. */
  public async erase(person: string): Promise<string[]> {
    const quarters = this.quarters().filter((quarter) => existsSync(this.pathOf(person, quarter)));
    for (const quarter of quarters) {
      const path = this.pathOf(person, quarter);
      this.cache.delete(path);
      await this.overwrite(path);
      await rm(path);
      await syncFolder(join(this.folder, quarter));
    }
    return quarters;
  }

  /** Destroys the keys of quarters that ended longer ago than this. @returns those quarters. */
  public async forget(now: number, days: number): Promise<string[]> {
    const old = this.quarters().filter((quarter) => endOf(quarter) + days * 86_400_000 < now);
    for (const quarter of old) {
      const folder = join(this.folder, quarter);
      for (const file of readdirSync(folder)) {
        this.cache.delete(join(folder, file));
        await this.overwrite(join(folder, file));
      }
      await rm(folder, { recursive: true });
      await syncFolder(this.folder);
    }
    return old;
  }

  private quarters(): string[] {
    return readdirSync(this.folder)
      .filter((name) => /^\d{4}-q[1-4]$/.test(name))
      .sort();
  }

  private pathOf(person: string, quarter: string): string {
    return join(this.folder, quarter, `${mac(this.names, `${quarter}:${person}`)}.key`);
  }

  private keyOf(person: string, quarter: string): Promise<Buffer> {
    const path = this.pathOf(person, quarter);
    let key = this.cache.get(path);
    if (key === undefined) {
      key = this.readOrMake(path, quarter);
      key.catch(() => this.cache.delete(path));
      this.cache.set(path, key);
      const [oldest] = this.cache.keys();
      if (this.cache.size > mostCached && oldest !== undefined) this.cache.delete(oldest);
    }
    return key;
  }

  /** A key is on the disk before the first digest under it is. */
  private async readOrMake(path: string, quarter: string): Promise<Buffer> {
    if (existsSync(path)) return this.unwrap(readFileSync(path), path);
    mkdirSync(join(this.folder, quarter), { recursive: true, mode: 0o700 });
    const key = randomBytes(32);
    await writeNew(path, this.wrap(key, path));
    return key;
  }

  /** The file's name is authenticated with it: one person's key cannot be passed off as another's. */
  private wrap(key: Buffer, path: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.wrapping, nonce);
    cipher.setAAD(Buffer.from(path.slice(this.folder.length)));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  private unwrap(wrapped: Buffer, path: string): Buffer {
    const decipher = createDecipheriv("aes-256-gcm", this.wrapping, wrapped.subarray(0, 12));
    decipher.setAAD(Buffer.from(path.slice(this.folder.length)));
    decipher.setAuthTag(wrapped.subarray(44));
    return Buffer.concat([decipher.update(wrapped.subarray(12, 44)), decipher.final()]);
  }

  /** A disk may keep old blocks all the same: what makes the key unreadable there is the volume's own encryption. */
  private async overwrite(path: string): Promise<void> {
    const handle = await open(path, "r+");
    await handle.write(randomBytes(60), 0, 60, 0);
    await handle.sync();
    await handle.close();
  }
}
