import type { BrokenRelation } from "./networks";

/** Registries that everybody pulls from; a name below one of them is that registry too. */
const publicRegistries = [
  "docker.io",
  "docker.com",
  "ghcr.io",
  "quay.io",
  "gcr.io",
  "pkg.dev",
  "k8s.io",
  "public.ecr.aws",
  "mcr.microsoft.com",
  "nvcr.io",
  "registry.gitlab.com",
  "registry.suse.com",
  "registry.redhat.io",
  "registry.access.redhat.com",
  "lscr.io",
  "cgr.dev",
] as const;

/** The registry is the company's own: machines that pull from the internet would need a way there. */
export function registryRelations({ registry }: { readonly registry: { readonly host: string } }): BrokenRelation[] {
  const [host = ""] = registry.host.split(":");
  const known = publicRegistries.find((name) => host === name || host.endsWith(`.${name}`));
  if (known === undefined) return [];
  return [
    {
      path: ["footprint", "registry", "host"],
      found: `${registry.host}, a registry on the internet`,
      allowed: "a registry of the company's own, such as registry.example.internal:5000",
      mend: "run a registry in the site, and fill it with `npm run cloister -- images mirror <environment>`",
    },
  ];
}
