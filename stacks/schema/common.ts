import { z } from "zod";
import { isNetwork } from "./networks";

/** Hints beside the schema: `allowed` and `mend` appear in error messages, `description` in editors too. */
export interface Hints {
  readonly description: string;
  readonly allowed: string;
  readonly mend: string;
}

const pattern = (expression: RegExp, hints: Hints) =>
  z
    .string()
    .regex(expression)
    .meta({ ...hints });

/** Text of one form. */
export const text = (expression: RegExp, description: string, allowed: string, mend: string) =>
  pattern(expression, { description, allowed, mend });

/** A DNS-1123 label, short enough to be part of longer Kubernetes and cloud names. */
export const shortName = (description: string, longest = 24) =>
  pattern(new RegExp(`^[a-z]([a-z0-9-]{0,${longest - 2}}[a-z0-9])?$`), {
    description,
    allowed: `lower-case letters, digits and hyphens, starting with a letter, at most ${longest} characters`,
    mend: "choose a short name such as `on-prem` or `l40s`",
  });

export const hostName = (description: string) =>
  pattern(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
    description,
    allowed: "a fully qualified DNS name in lower case",
    mend: "write a name that your internal DNS resolves, such as llm.example.internal",
  });

export const hostAndPort = (description: string) =>
  pattern(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](:[1-9][0-9]{0,4})?$/, {
    description,
    allowed: "a DNS name with an optional port",
    mend: "write it without a scheme or path, such as registry.example.internal:5000",
  });

export const httpsUrl = (description: string) =>
  pattern(/^https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+(:[1-9][0-9]{0,4})?(\/[A-Za-z0-9._~/-]*)?$/, {
    description,
    allowed: "an https:// address by DNS name",
    mend: "serve it with TLS and write its https:// address: nothing travels in clear",
  });

export const cidr = (description: string) =>
  // With host bits set it would be read as another network than was written; AWS refuses it outright.
  z.cidrv4().refine(isNetwork).meta({
    description,
    allowed: "an IPv4 CIDR such as 10.20.0.0/16",
    mend: "write the network address and its prefix length",
  });

export const address = (description: string) =>
  z.ipv4().meta({ description, allowed: "an IPv4 address", mend: "write one address, such as 10.20.0.10" });

export const macAddress = (description: string) =>
  // An odd first pair is of a group of cards, as ff:ff:ff:ff:ff:ff is of all: no card sends from it.
  pattern(/^(?!00(:00){5}$)[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/, {
    description,
    allowed:
      "six pairs of hexadecimal digits in lower case, in quotes; the first pair even, as that of every one card is",
    mend: 'copy it from the machine, such as "3c:ec:ef:12:34:56"',
  });

export const disk = (description: string) =>
  pattern(/^(\/dev\/disk\/by-(id|path)\/[A-Za-z0-9._:+-]+|[A-Za-z0-9._-]{4,64})$/, {
    description,
    allowed: "its serial number, or a path below /dev/disk/by-id or /dev/disk/by-path",
    mend: "copy the serial from `lsblk -o NAME,SERIAL`: names such as /dev/sda change from one start to the next",
  });

/** An Ed25519 public key: the fixed head of its SubjectPublicKeyInfo and 32 bytes, base64. */
export const ed25519Key = (description: string) =>
  pattern(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/, {
    description,
    allowed: "an Ed25519 public key as base64 of its SubjectPublicKeyInfo",
    mend: "write the line between BEGIN and END of the PEM file",
  });

export const sha256Digest = (description: string) =>
  pattern(/^sha256:[0-9a-f]{64}$/, {
    description,
    allowed: "sha256: and 64 hexadecimal digits",
    mend: "copy the digest from the report itself: never write one by hand",
  });

export const ed25519Signature = (description: string) =>
  pattern(/^[A-Za-z0-9+/]{86}==$/, {
    description,
    allowed: "an Ed25519 signature: 64 bytes, base64",
    mend: "copy the signature that came with the report",
  });

export const mailAddress = (description: string) =>
  z.email().meta({ description, allowed: "a mail address", mend: "name the person or team that answers for it" });

export const whole = (description: string, least: number, most: number, mend: string) =>
  z
    .int()
    .min(least)
    .max(most)
    .meta({ description, allowed: `a whole number from ${least} to ${most}`, mend });

/** Minors that the kit was rehearsed with on a real control plane. */
export const kubernetesMinor = z
  .enum(["1.36"])
  .meta({ description: "Kubernetes minor version", mend: "use a minor that the kit was rehearsed with" });
