import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface S3ProviderArgs {
  /** https:// address of the store. */
  readonly endpoint: string;
  readonly region: string;
  /** Profile of the deployer's own credentials file; absent: the deployer's environment. They never enter state. */
  readonly profile?: string;
}

/** The provider for any store with the S3 API: what only AWS has is switched off. */
export function s3Provider(name: string, args: S3ProviderArgs, parent: pulumi.Resource): aws.Provider {
  return new aws.Provider(
    name,
    {
      region: args.region as aws.Region,
      endpoints: [{ s3: args.endpoint }],
      ...(args.profile === undefined ? {} : { profile: args.profile }),
      s3UsePathStyle: true,
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
    },
    { parent },
  );
}
