/** What a closed connection means for the client; see "Closing" in docs/protocol.md. */
export type Verdict =
  | { readonly next: 'backoff' }
  | { readonly next: 'after'; readonly ms: number }
  | { readonly next: 'session' }
  /** Questions that were under way broke the rules and must not be asked again. */
  | { readonly next: 'drop'; readonly what: 'largest' | 'all' };

export function judge(code: number, reason: string): Verdict {
  switch (code) {
    case 1012:
      return { next: 'after', ms: retryHint(reason) };
    case 4000:
      return { next: 'after', ms: 0 };
    case 4001:
      return { next: 'session' };
    case 1009:
      return { next: 'drop', what: 'largest' };
    case 4003:
      return { next: 'drop', what: 'all' };
    default:
      return { next: 'backoff' };
  }
}

const shortest = 500;
const longest = 15_000;

function retryHint(reason: string): number {
  try {
    const hint: unknown = JSON.parse(reason);
    const ms =
      typeof hint === 'object' && hint !== null && 'retry_ms' in hint ? Number(hint.retry_ms) : Number.NaN;
    return Number.isFinite(ms) ? Math.min(60_000, Math.max(0, ms)) : shortest;
  } catch {
    return shortest;
  }
}

/** 0.5 s doubling to 15 s, ±50 %, so that a town does not come back in one moment. */
export function backoff(failures: number, random: () => number): number {
  const plain = Math.min(longest, shortest * 2 ** Math.max(0, failures - 1));
  return Math.round(plain * (0.5 + random()));
}
