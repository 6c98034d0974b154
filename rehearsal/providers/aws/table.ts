import type { ProviderTable, ResourceKind } from "../provider";
import { computedKind } from "./computed-kind";
import { checkConfiguration } from "./configuration";
import type { Definition } from "./definition";
import { definitions } from "./definitions";
import { invokes } from "./invokes";
import { readApi, type Api } from "./requests/api";
import { askedKind, modelledKind } from "./requests/asked-kind";
import { modelledRequests } from "./requests/modelled";
import { askedRequests } from "./requests/table";
import { bucketOperations } from "./s3/bucket";
import { configurations } from "./s3/configurations";
import { readEndpoints } from "./s3/store";
import type { Endpoints } from "./s3/store";
import { storedKind } from "./s3/stored-kind";

const stored = { ...configurations, "aws:s3/bucket:Bucket": bucketOperations };

/**
 * Stands in for `@pulumi/aws`: S3 requests go to the rehearsal's own stores, others to moto where it runs; what neither has
 * is checked and computed.
 */
export function createAwsTable(endpoints: Endpoints = {}, api?: Api): ProviderTable {
  const kindOf = (token: string, definition: Definition): ResourceKind => {
    const operations = stored[token as keyof typeof stored];
    if (operations) return storedKind(token, definition, operations, endpoints, api);
    const [asked, modelled] = [askedRequests[token], modelledRequests[token]];
    if (api && asked) return askedKind(token, definition, asked, api);
    if (api && modelled) return modelledKind(token, definition, modelled, api);
    return computedKind(token, definition);
  };
  const kinds: Record<string, ResourceKind> = Object.fromEntries(
    Object.entries(definitions).map(([token, definition]) => [token, kindOf(token, definition)]),
  );
  return { name: "aws", version: "7.48.0", kind: (token) => kinds[token], invokes, checkConfiguration };
}

export const awsTable: ProviderTable = createAwsTable(readEndpoints(), readApi());
