/** Whether a CIDR is wide enough to hold the internet or a large part of it: wider than the widest private range. */
export function isWide(cidr: string): boolean {
  const length = Number(cidr.split("/")[1] ?? Number.NaN);
  if (Number.isNaN(length)) return false;
  // 10.0.0.0/8 is the widest private range of IPv4, fc00::/7 that of IPv6.
  return cidr.includes(":") ? length < 7 : length < 8;
}
