import type { ProviderTable, ResourceKind } from "../provider";
import { certRequestKind } from "./cert-request";
import { locallySignedCertKind, selfSignedCertKind } from "./certificate-kinds";
import { privateKeyKind } from "./private-key";

/**
 * Stands in for `@pulumi/tls`. `now` is asked whenever a certificate is issued or judged ready for renewal, so that a
 * test can move it. Write-only keys and the two look-ups are left out.
 */
export function createTlsTable(now: () => Date = () => new Date()): ProviderTable {
  const kinds: Readonly<Record<string, ResourceKind>> = {
    "tls:index/privateKey:PrivateKey": privateKeyKind,
    "tls:index/certRequest:CertRequest": certRequestKind,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCertKind(now),
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCertKind(now),
  };
  return { name: "tls", version: "5.6.1", kind: (token) => kinds[token] };
}

export const tlsTable: ProviderTable = createTlsTable();
