interface Deserialization {
  deserializeProperties(properties: object, proxySecrets: boolean): object;
}

/**
 * Unpacks the properties of a resource once for all rules. The SDK does it anew for every policy, which for 80 rules is most
 * of what the gate costs; what it gives is only read here, so all may have the same. Where a later SDK has no such part,
 * nothing is changed, and it only takes longer.
 */
export function unpackOnce(sdk: Partial<Deserialization> = sdkDeserialization()): void {
  const { deserializeProperties } = sdk;
  if (deserializeProperties === undefined) return;
  const known = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, proxySecrets) => {
    // With secrets marked it is another thing, which only remediations ask for.
    if (proxySecrets) return deserializeProperties(properties, proxySecrets);
    let unpacked = known.get(properties);
    if (unpacked === undefined) known.set(properties, (unpacked = deserializeProperties(properties, false)));
    return unpacked;
  };
}

function sdkDeserialization(): Partial<Deserialization> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- no such part is no error.
    return require("@pulumi/policy/deserialize") as Deserialization;
  } catch {
    return {};
  }
}
