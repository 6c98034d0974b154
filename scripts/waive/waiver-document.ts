import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isMap, isSeq, parseDocument, YAMLSeq, type Document } from "yaml";
import type { Waiver } from "../../policies/waivers/waiver";

const header = ` What this environment accepts for a while, and who answers for it. One entry waives one rule on one resource.
 Written by \`npm run cloister -- waive\`, which copies the hash from the finding; reviewed by the code owners.`;

/** The file of waivers as a document: what people wrote around the entries stays as it was. */
export class WaiverDocument {
  private constructor(
    private readonly path: string,
    private readonly document: Document,
  ) {}

  /** @param path of the file, which need not be there. It must be valid, or what is written may be something else. */
  public static read(path: string): WaiverDocument {
    const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "") as Document;
    if (!isSeq(document.contents)) {
      document.contents = new YAMLSeq();
      document.commentBefore ??= header;
    }
    return new WaiverDocument(path, document);
  }

  public add(waiver: Waiver): void {
    this.entries.add(this.document.createNode(waiver));
  }

  /** Removes an entry. @returns whether it was there. */
  public remove(id: string): boolean {
    const index = this.entries.items.findIndex((item) => isMap(item) && item.get("id") === id);
    if (index >= 0) this.entries.delete(index);
    return index >= 0;
  }

  /** Ids of all entries, also of those that are not as they should be. */
  public get ids(): string[] {
    return this.entries.items.flatMap((item) => (isMap(item) ? [String(item.get("id"))] : []));
  }

  public save(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, this.document.toString({ lineWidth: 120 }));
  }

  private get entries(): YAMLSeq {
    return this.document.contents as unknown as YAMLSeq;
  }
}
