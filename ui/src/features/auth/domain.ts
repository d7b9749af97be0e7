/** Spells a domain as the address of a page does: in lower case, with umlauts in their ASCII form (RFC 5891). */
function spelled(domain: string): string {
  const link = `http://${domain}`;
  return URL.canParse(link) ? new URL(link).hostname : domain;
}

/** Whether two spellings mean one domain: Sülzbach.de, xn--slzbach-n2a.de. */
export function sameDomain(one: string, other: string): boolean {
  return spelled(one) === spelled(other);
}
