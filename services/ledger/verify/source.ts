import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** One version of one object, as a listing names it. */
export interface Listed {
  /** Such as `ledger/ledger-0.1a2b3c4d/0000000001.0123456789abcdef.ndjson`. */
  readonly key: string;
  readonly version?: string;
  /** A marker that hides the versions below it, and holds nothing. */
  readonly deleteMarker?: boolean;
}

export interface Fetched {
  readonly bytes: Buffer;
  /** How the version is locked; undefined where the source cannot say, such as a copy on a disk. */
  readonly lock?: { readonly mode: string | undefined; readonly until: Date | undefined };
}

/** Where a ledger's objects are read from: the bucket, or a copy of it. */
export interface LedgerSource {
  /** For people: what is read. */
  readonly name: string;
  /** Every version of every object below the prefix, in the order of their keys. */
  list(): AsyncIterable<Listed>;
  fetch(listed: Listed): Promise<Fetched>;
}

/** A folder that holds what the bucket holds, such as one carried to a machine without a network. */
export class FolderSource implements LedgerSource {
  public readonly name: string;

  /** @param prefix beginning of the keys that are listed. */
  public constructor(
    private readonly folder: string,
    private readonly prefix = "ledger/",
  ) {
    this.name = folder;
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
  }

  public async *list(): AsyncIterable<Listed> {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const keys = files.map((entry) => relative(this.folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
    for (const key of keys.filter((one) => one.startsWith(this.prefix)).sort()) yield await Promise.resolve({ key });
  }

  public fetch({ key }: Listed): Promise<Fetched> {
    return Promise.resolve({ bytes: readFileSync(join(this.folder, key)) });
  }
}
