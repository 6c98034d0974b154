/** What is wrong with the name of a key that the customer is to hold; undefined where it names one. */
export function notOwnKey(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return "no key of the customer is named";
  const name = typeof value === "string" ? value : JSON.stringify(value);
  if (/(^|:)alias\/aws\//.test(name)) return `${name} is the provider's own key`;
  const byArn = /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/;
  const byId = /^(mrk-)?[0-9a-f-]{32,36}$|^alias\/[\w/-]+$/;
  return byArn.test(name) || byId.test(name) ? undefined : `${name} names no key`;
}

/** What is wrong with the ARN of one thing of a service; undefined where it names exactly one. */
export function notOneArn(service: string, value: unknown): string | undefined {
  const name = typeof value === "string" ? value : JSON.stringify(value ?? "absent");
  const one = new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]*:(\\d{12}|aws)?:[^*?]+$`);
  return one.test(name) ? undefined : `${name} names no ${service} resource`;
}
