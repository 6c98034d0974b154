import type { ProviderTable, ResourceKind } from "../provider";
import { computedKind } from "./computed-kind";
import { checkConfiguration } from "./configuration";
import { definitions } from "./definitions";
import { invokes } from "./invokes";
import { bucketOperations } from "./s3/bucket";
import { configurations } from "./s3/configurations";
import { readEndpoints } from "./s3/store";
import type { Endpoints } from "./s3/store";
import { storedKind } from "./s3/stored-kind";

const stored = { ...configurations, "aws:s3/bucket:Bucket": bucketOperations };

/** Stands in for `@pulumi/aws`: S3 requests go to the rehearsal's own stores, everything else is checked and computed. */
export function createAwsTable(endpoints: Endpoints = {}): ProviderTable {
  const kinds: Record<string, ResourceKind> = Object.fromEntries(
    Object.entries(definitions).map(([token, definition]) => {
      const operations = stored[token as keyof typeof stored];
      return [
        token,
        operations ? storedKind(token, definition, operations, endpoints) : computedKind(token, definition),
      ];
    }),
  );
  return { name: "aws", version: "7.48.0", kind: (token) => kinds[token], invokes, checkConfiguration };
}

export const awsTable: ProviderTable = createAwsTable(readEndpoints());
