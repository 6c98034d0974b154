import { KitError } from "../../components/kit-error";

/**
 * The reference that a change is compared with: the one that was named, else what GitHub's or GitLab's runner says of the
 * pull request.
 *
 * @throws KitError where nobody says.
 */
export function baseReference(named: string | undefined, variables: NodeJS.ProcessEnv): string {
  const { GITHUB_BASE_REF: github, CI_MERGE_REQUEST_DIFF_BASE_SHA: gitlab } = variables;
  const found = named ?? (github ? `origin/${github}` : gitlab);
  if (found !== undefined && found !== "") return found;
  throw new KitError("There is nothing to compare with", [
    {
      path: "--base",
      found: "neither the option, nor a pull request in GITHUB_BASE_REF or CI_MERGE_REQUEST_DIFF_BASE_SHA",
      allowed: "a branch, tag or commit",
      mend: "name the branch that the change is for, such as --base origin/main",
    },
  ]);
}
