import { randomUUID } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Encrypter } from "age-encryption";
import { storeClient } from "../shared/s3";
import type { GuardConfiguration } from "./config";

/** What was held back, for a person to decide on. */
export interface Held {
  readonly where: "prompt" | "answer";
  readonly application: string;
  readonly person: string;
  readonly model: string;
  readonly rules: readonly string[];
  readonly policy: string;
  readonly text: string;
}

/** Where held-back texts go. */
export interface Quarantine {
  /** @returns the name of the encrypted object. Rejects where it could not be kept. */
  keep(held: Held): Promise<string>;
}

/** The quarantine bucket. What goes there is encrypted for its readers: this process cannot read it back. */
export class S3Quarantine implements Quarantine {
  private readonly client: S3Client;

  public constructor(private readonly settings: GuardConfiguration["quarantine"]) {
    this.client = storeClient(settings, 2);
  }

  public async keep(held: Held): Promise<string> {
    const encrypter = new Encrypter();
    for (const recipient of this.settings.recipients) encrypter.addRecipient(recipient);
    const body = await encrypter.encrypt(JSON.stringify({ ...held, at: new Date().toISOString() }));
    const key = `guard/${new Date().toISOString().slice(0, 10)}/${randomUUID()}.age`;
    await this.client.send(
      new PutObjectCommand({ Bucket: this.settings.bucket, Key: key, Body: body, ContentType: "application/age" }),
      { abortSignal: AbortSignal.timeout(10_000) },
    );
    return key;
  }
}
