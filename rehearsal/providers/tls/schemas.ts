import { createPrivateKey } from "node:crypto";
import { isIP } from "node:net";
import { Pkcs10CertificateRequest, X509Certificate } from "./x509";
import { z } from "zod";
import { usageNames } from "./usages";

const parses = (read: (pem: string) => unknown) => (pem: string) => {
  try {
    read(pem);
    return true;
  } catch {
    return false;
  }
};

/** A message that never shows what was found: the value is a private key, or was meant to be one. */
export const privateKeyPem = z
  .string("must be a private key in PEM form")
  .refine(parses(createPrivateKey), "must be an unencrypted private key in PEM form");
export const certificatePem = z.string("must be a certificate in PEM form").refine(
  parses((pem) => new X509Certificate(pem)),
  "must be a certificate in PEM form",
);
export const requestPem = z.string("must be a certificate request in PEM form").refine(
  parses((pem) => new Pkcs10CertificateRequest(pem)),
  "must be a certificate request in PEM form",
);

const text = z.string("must be a string").optional();
const hours = z.number("must be a whole number of hours").int("must be a whole number of hours");
const flag = z.boolean("must be true or false").default(false);
const dnsName = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

export const nameInputs = {
  subject: z
    .strictObject({
      commonName: text,
      country: text,
      emailAddress: text,
      locality: text,
      organization: text,
      organizationalUnit: text,
      postalCode: text,
      province: text,
      serialNumber: text,
      streetAddresses: z.array(z.string("must be a string")).optional(),
    })
    .optional(),
  dnsNames: z.array(z.string().regex(dnsName, "must be a DNS name, such as door.example.internal")).optional(),
  ipAddresses: z
    .array(z.string().refine((value) => isIP(value) > 0, "must be an IPv4 or IPv6 address, such as 10.0.0.10"))
    .optional(),
  uris: z
    .array(z.string().refine((value) => URL.canParse(value), "must be a URI, such as spiffe://example.internal/guard"))
    .optional(),
};

const use = z.enum(usageNames, `must be one of ${usageNames.join(", ")}`);

export const termInputs = {
  allowedUses: z.array(use, "must be a list of uses"),
  validityPeriodHours: hours.min(0, "must be 0 hours or more"),
  earlyRenewalHours: hours.min(0, "must be 0 hours or more").default(0),
  isCaCertificate: flag,
  maxPathLength: z
    .number("must be a whole number")
    .int("must be a whole number")
    .min(-1, "must be 0 or more, or -1 for no limit")
    .default(-1),
  setSubjectKeyId: flag,
};
