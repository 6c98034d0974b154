import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { KitError, type Mistake } from "../../components/kit-error";
import { sha256 } from "../../services/ledger/record";
import type { LedgerSource } from "../../services/ledger/verify/source";
import type { ImportedDraft } from "./cage-access";

/** A digest file of CloudTrail, as far as it goes on the record. */
const digestFile = z.object({
  awsAccountId: z.string(),
  digestStartTime: z.string(),
  digestEndTime: z.string(),
  digestS3Object: z.string(),
  previousDigestS3Object: z.string().nullish(),
  previousDigestHashValue: z.string().nullish(),
  previousDigestSignature: z.string().nullish(),
  logFiles: z.array(z.unknown()),
});

/** Such as `cloudtrail/AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/25/….json.gz`. */
const digestKey = /\/CloudTrail-Digest\/([a-z0-9-]+)\/.+\.json\.gz$/;

/** What a file says of the one before it, which CloudTrail signed: that it follows is what makes a gap seen. */
interface Link {
  readonly hash: string;
  readonly signature: string | undefined;
}

/**
 * The digest files that CloudTrail laid into the bucket, as drafts. Each names the hash of the one before; the file's own is
 * of its text, unpacked, as CloudTrail's is. Signatures are AWS's to check: `aws cloudtrail validate-logs`.
 *
 * @param source that lists the objects below `cloudtrail/`.
 * @throws KitError with every file that is no digest, or that names another hash for one that is here.
 */
export async function trailDigests(source: LedgerSource): Promise<ImportedDraft[]> {
  const mistakes: Mistake[] = [];
  const drafts: ImportedDraft[] = [];
  const said = new Map<string, Link>();
  const here = new Map<string, string>();
  for await (const listed of source.list()) {
    const region = digestKey.exec(listed.key)?.[1];
    if (region === undefined || listed.deleteMarker === true) continue;
    const { bytes } = await source.fetch(listed);
    const read = readDigest(bytes);
    if (read === undefined) {
      const mend = "see who put it there: CloudTrail writes no other file in this place";
      mistakes.push({ path: `${source.name}/${listed.key}`, found: "another file", allowed: "a digest", mend });
      continue;
    }
    const { file, hash } = read;
    here.set(listed.key, hash);
    const { previousDigestS3Object: previous, previousDigestHashValue: before, previousDigestSignature } = file;
    if (previous && before) said.set(previous, { hash: before, signature: previousDigestSignature ?? undefined });
    drafts.push({
      key: `cloudtrail:${hash}`,
      kind: "cloudtrail.digest",
      body: {
        account: file.awsAccountId,
        region,
        from: file.digestStartTime,
        to: file.digestEndTime,
        object: listed.key,
        digest: hash,
        ...(before ? { previous: before } : {}),
        ...(previousDigestSignature ? { signature: previousDigestSignature } : {}),
        files: file.logFiles.length,
      },
    });
  }
  for (const [key, { hash }] of said) {
    if (!here.has(key) || here.get(key) === hash) continue;
    mistakes.push({
      path: `${source.name}/${key}`,
      found: here.get(key) ?? "",
      allowed: `${hash}, which the digest after it names`,
      mend: "it was altered: keep what is there, and ask for `aws cloudtrail validate-logs`",
    });
  }
  if (mistakes.length > 0) throw new KitError("These are not the digests that CloudTrail wrote", mistakes);
  return drafts;
}

function readDigest(bytes: Buffer): { readonly file: z.infer<typeof digestFile>; readonly hash: string } | undefined {
  try {
    const text = gunzipSync(bytes);
    return { file: digestFile.parse(JSON.parse(text.toString("utf8"))), hash: sha256(text) };
  } catch {
    return undefined;
  }
}
