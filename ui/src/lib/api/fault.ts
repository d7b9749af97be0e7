import { language, t } from '../i18n/index.svelte.js';

/** One field the server refused: the path in the input and a code such as "too_long". */
export interface FieldFault {
  readonly path: string;
  readonly code: string;
}

/** A refusal with a stable code. Its text for people comes from faultText(), never from the server. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code: string;
  readonly status: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly requestId: string;

  constructor(code: string, status: number, params: Readonly<Record<string, unknown>> = {}, requestId = '') {
    super(code);
    this.code = code;
    this.status = status;
    this.params = params;
    this.requestId = requestId;
  }

  /** The refused fields of an invalid_input. */
  get fields(): readonly FieldFault[] {
    const { fields } = this.params;
    return Array.isArray(fields) ? fields.filter(isFieldFault) : [];
  }

  /** The code for one field, by the end of its path. */
  field(name: string): string | null {
    return this.fields.find((field) => field.path === name || field.path.endsWith(`.${name}`))?.code ?? null;
  }
}

function isFieldFault(value: unknown): value is FieldFault {
  return typeof value === 'object' && value !== null && 'path' in value && 'code' in value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Reads {"code","params","request_id"} of an HTTP answer or a socket error frame. */
export function faultFrom(body: unknown, status: number): FaultError {
  const value = isRecord(body) ? body : {};
  const code = typeof value.code === 'string' ? value.code : fallbackCode(status);
  const id = typeof value.request_id === 'string' ? value.request_id : '';
  return new FaultError(code, status, isRecord(value.params) ? value.params : {}, id);
}

function fallbackCode(status: number): string {
  switch (status) {
    case 0:
      return 'offline';
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return status >= 500 ? 'internal' : 'invalid_input';
  }
}

/** The text for people: fault.<code>, else the text of its kind, else the general one. */
export function faultText(error: unknown): string {
  if (!(error instanceof FaultError)) return t('fault.internal');
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(error.params)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  return (
    language.find(`fault.${error.code}`, params) ??
    language.find(`fault.${fallbackCode(error.status)}`, params) ??
    t('fault.internal')
  );
}
