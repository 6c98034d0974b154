import { nameOf, type EngineResource } from "./engine-resource";
import { isUnknown } from "./plain-value";

/**
 * What a document says. `identity`: what a role or a user may; `trust`: who may take a role; `endpoint`: what passes a
 * network endpoint; `resource`: who may what with a bucket, a key, a repository and the like; `service-control`: what
 * nobody in the account may, whatever else they are given.
 */
export type PolicyKind = "identity" | "trust" | "endpoint" | "resource" | "service-control";

export interface PolicyDocument {
  /** File name in the folder: the resource's name in the program, and the property where it is not `policy`. */
  readonly file: string;
  readonly kind: PolicyKind;
  readonly urn: string;
  /** Pulumi's token, such as `aws:s3/bucketPolicy:BucketPolicy`. */
  readonly type: string;
  /** Path within what is asked of the resource, or what a component of the kit hands out. */
  readonly property: string;
  readonly document: { readonly Statement: unknown };
}

export interface PoliciesExport {
  readonly documents: readonly PolicyDocument[];
  /** Properties that hold a document which is not known yet, as `name property`. */
  readonly unknown: readonly string[];
}

/**
 * Every policy document of AWS among the resources, wherever it stands: a text that holds statements is one, whatever
 * its property is called.
 */
export function policyDocuments(resources: readonly EngineResource[]): PoliciesExport {
  const documents: PolicyDocument[] = [];
  const unknown: string[] = [];
  for (const resource of resources.filter(({ type }) => /^(aws|cloister):/.test(type))) {
    visit({ ...resource.outputs, ...resource.inputs }, "", (property, text) => {
      if (isUnknown(text) && /policy(document)?$/i.test(property)) unknown.push(`${nameOf(resource)} ${property}`);
      const document = parsed(text);
      if (document === undefined) return;
      const { urn, type } = resource;
      const suffix = property === "policy" ? "" : `.${property.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
      const file = `${nameOf(resource)}${suffix}.json`;
      documents.push({ file, kind: kindOf(type, property), urn, type, property, document });
    });
  }
  return {
    documents: documents.sort((left, right) => (left.file < right.file ? -1 : 1)),
    unknown: unknown.sort(),
  };
}

function kindOf(type: string, property: string): PolicyKind {
  if (/assumeRolePolicy/i.test(property)) return "trust";
  if (/^aws:organizations\/|^cloister:/.test(type)) return "service-control";
  if (type.startsWith("aws:iam/")) return "identity";
  return type === "aws:ec2/vpcEndpoint:VpcEndpoint" ? "endpoint" : "resource";
}

function visit(value: unknown, path: string, tell: (path: string, text: string) => void): void {
  if (typeof value === "string") tell(path, value);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`, tell);
  }
}

function parsed(text: string): PolicyDocument["document"] | undefined {
  if (!text.includes('"Statement"')) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "Statement" in document ? document : undefined;
  } catch {
    return undefined;
  }
}
