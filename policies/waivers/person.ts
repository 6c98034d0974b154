/** The person behind a mail address: `A+tag@Example.com` and `a@example.com` reach the same one. */
export function personOf(mail: string): string {
  const [mailbox = "", domain = ""] = String(mail).trim().toLowerCase().split("@");
  return `${mailbox.split("+")[0]}@${domain}`;
}
