import { Api, Refused } from "../providers/aws/requests/api";
import type { Moto } from "./moto";

export interface AccountOptions {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** ARNs of roles that the environment names and does not make, such as the administrators'. */
  readonly roles: readonly string[];
}

/** Nobody becomes these roles here: they are only there to be named. */
const nobody = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});

/**
 * Lays what the company's account holds before the environment comes: moto's is empty, and refuses to hang a policy on a role
 * that is not there. A second call changes nothing.
 */
export async function layAccount({ url }: Moto, { account, region, roles }: AccountOptions): Promise<void> {
  const api = new Api(url);
  for (const arn of new Set(roles)) {
    const [, path = "/", RoleName = ""] = /^arn:[^:]+:iam::\d{12}:role(\/(?:.+\/)?)(.+)$/.exec(arn) ?? [];
    if (RoleName === "") continue;
    const role = { RoleName, Path: path, AssumeRolePolicyDocument: nobody };
    await api.request({ region, account }, "iam", "CreateRole", role).catch((error: unknown) => {
      if (!(error instanceof Refused && error.code === "EntityAlreadyExists")) throw error;
    });
  }
}
