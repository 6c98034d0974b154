/**
 * The X.509 library's container refuses to load without decorator metadata. None of its classes that are used here has
 * constructor parameters to inject, so answering that there is no metadata is all it needs. A full polyfill wins.
 */
const reflect = Reflect as unknown as Record<string, unknown>;
for (const method of ["getMetadata", "getOwnMetadata", "defineMetadata"]) reflect[method] ??= () => undefined;
