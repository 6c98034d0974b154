/** How a program with AWS's library finds the store and, where the store is the site's own, who tells it its role. */
export const storeEnvironment = ({
  region,
  endpoint,
}: {
  readonly region: string;
  readonly endpoint?: string;
}): Record<string, string> => ({
  AWS_REGION: region,
  // A site's store hands out roles at its own address; without it the library would ask Amazon.
  ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_STS: endpoint }),
});
