import createClient from 'openapi-fetch';
import { language } from '../i18n/index.svelte.js';
import { FaultError, faultFrom } from './fault.js';
import type { CallArgs, Op, Output } from './operations.js';
import type { paths } from './schema.js';

export const base = '/api/v1';

const client = createClient<paths>({
  baseUrl: base,
  headers: { 'X-Rathaus': '1' },
  credentials: 'same-origin',
});

/**
 * Lets somebody answer requests instead of the server: the gallery, whose things are made up. What they have no
 * answer for goes to the server. Call the result to stop.
 */
export function answering(answer: (request: Request) => Promise<Response> | undefined): () => void {
  const between = { onRequest: ({ request }: { request: Request }) => answer(request) };
  client.use(between);
  return () => client.eject(between);
}

let onSignedOut: (() => void) | null = null;

/** Who is told that the server does not know us any more (HTTP 401). */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

interface RawAnswer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

type RawRequest = (method: string, path: string, init: unknown) => Promise<RawAnswer>;

/**
 * Calls one operation of the server. Input and output are typed by its OpenAPI document:
 *
 *     const { items } = await call('GET /chat/rooms', { query: { limit: 50 } });
 *
 * A refusal throws FaultError; without a network its code is "offline".
 */
export async function call<O extends Op>(operation: O, ...[input]: CallArgs<O>): Promise<Output<O>> {
  const [method = 'GET', path = '/'] = operation.split(' ');
  const { path: parts, query, body, signal } = (input ?? {}) as Record<string, unknown>;
  const init = {
    params: { path: parts, query },
    ...(body === undefined ? {} : { body }),
    ...(signal ? { signal } : {}),
  };
  // The one place where the types of openapi-fetch give way to ours.
  const request = client.request as unknown as RawRequest;
  const answer = await request(method.toLowerCase(), path, init).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new FaultError('offline', 0);
  });
  if (answer.response.ok) return answer.data as Output<O>;
  if (answer.response.status === 401 && !path.startsWith('/auth/')) onSignedOut?.();
  const fault = faultFrom(answer.error, answer.response.status);
  // Whoever shows it finds its text already there.
  await language.needFor(`fault.${fault.code}`);
  throw fault;
}
