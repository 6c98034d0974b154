import { isUnknownValue } from "./unknown";
import { matches, type Context, type Subject } from "../rule";

export interface Links {
  readonly found: readonly Subject[];
  /** True when a candidate may or may not belong: its reference is not known yet. */
  readonly uncertain: boolean;
}

/**
 * The resources that name `owner` in one of their properties. The engine's record of where a property came from is
 * trusted first, because in a preview the identifiers themselves are not known.
 *
 * @param property the property of the other resource that names the owner, such as `bucket`
 * @param identities values the owner may be named by, read lazily because they may be unknown
 */
export function linked(
  owner: Subject,
  types: readonly string[],
  property: string,
  context: Context,
  identities: readonly (() => unknown)[],
): Links {
  const found: Subject[] = [];
  let uncertain = false;
  for (const candidate of context.resources) {
    if (!matches(types, candidate.type)) continue;
    const origins = candidate.origins?.[property];
    if (origins?.length) {
      if (origins.includes(owner.urn)) found.push(candidate);
      continue;
    }
    const named = known(() => candidate.props[property]);
    const own = identities.map((identity) => known(identity));
    if (named.known && own.some((identity) => identity.known && identity.value === named.value && named.value)) {
      found.push(candidate);
    } else if (!named.known || own.some((identity) => !identity.known)) {
      uncertain = true;
    }
  }
  return { found, uncertain };
}

type Known = { readonly known: true; readonly value: unknown } | { readonly known: false };

/** Reads a value that may not be known yet. */
export function known(read: () => unknown): Known {
  try {
    return { known: true, value: read() };
  } catch (error) {
    if (isUnknownValue(error)) return { known: false };
    throw error;
  }
}
