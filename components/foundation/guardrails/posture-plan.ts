import { policyDocument } from "../private-cloud/policy-document";

/**
 * Refuses everything to a session that was opened without a second factor. A session that a company's identity provider
 * opened does not carry the mark at all, and the provider asks for the factor; a role that was assumed always does.
 */
export const secondFactorPolicy: string = policyDocument([
  {
    Sid: "DenyWithoutSecondFactor",
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
  },
]);

/** `arn:aws:iam::111122223333:role/teams/operators` is attached to by its name, `operators`. */
export const roleNameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/**
 * Passwords of the account, should anybody ever make a user: 14 characters, 24 remembered (CIS AWS Foundations 3.0.0, 1.8
 * and 1.9), at most 90 days (PCI DSS 4.0.1, 8.3.9).
 */
export const passwordPolicy = {
  minimumPasswordLength: 14,
  passwordReusePrevention: 24,
  maxPasswordAge: 90,
  requireLowercaseCharacters: true,
  requireUppercaseCharacters: true,
  requireNumbers: true,
  requireSymbols: true,
  allowUsersToChangePassword: true,
  hardExpiry: false,
} as const;
