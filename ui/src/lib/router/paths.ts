/**
 * Every address of the portal by name. Features link to each other through this
 * table and so never import one another. A :part becomes a typed parameter.
 */
export const paths = {
  start: '/',
  profile: '/profile',
  me: '/me',
  search: '/search',
  take: '/take',
  imprint: '/imprint',
  privacy: '/privacy',
  accessibility: '/accessibility',
  licenses: '/licenses',
  help: '/help',
  helpChapter: '/help/:chapter',
  gallery: '/gallery',

  signIn: '/login',
  // One-time secrets stand in the fragment of these, which no server sees.
  setup: '/setup',
  invitation: '/invite',
  reset: '/reset',
  guest: '/guest',

  people: '/people',
  person: '/people/:person',

  chat: '/chat',
  rooms: '/chat/rooms',
  threads: '/chat/threads',
  unread: '/chat/unread',
  saved: '/chat/saved',
  later: '/chat/later',
  drafts: '/chat/drafts',
  room: '/chat/:room',
  roomDetails: '/chat/:room/details',
  roomThread: '/chat/:room/thread/:message',
  // The secret of the link stands in the fragment.
  joinRoom: '/join',
  guestRoom: '/r/:room',
  guestThread: '/r/:room/thread/:message',

  pads: '/pads',
  pad: '/pads/:pad',
  sharedPad: '/p/:pad',

  meetings: '/meet',
  meeting: '/meet/:meeting',

  admin: '/admin',
  adminPeople: '/admin/people',
  adminPerson: '/admin/people/:person',
  adminGroups: '/admin/groups',
  adminGroup: '/admin/groups/:group',
  adminInvitations: '/admin/invitations',
  adminSessions: '/admin/sessions',
  adminReports: '/admin/reports',
  adminPads: '/admin/pads',
  adminAudit: '/admin/audit',
  adminSettings: '/admin/settings',
} as const;

export type PathName = keyof typeof paths;

type PartsOf<P extends string> = P extends `${string}:${infer Part}/${infer Rest}`
  ? Part | PartsOf<`/${Rest}`>
  : P extends `${string}:${infer Part}`
    ? Part
    : never;

/** The parameters of a path: { room: string } for /chat/:room. */
export type PathParams<N extends PathName> = Readonly<Record<PartsOf<(typeof paths)[N]>, string>>;

type Args<N extends PathName> = [PartsOf<(typeof paths)[N]>] extends [never]
  ? [params?: Readonly<Record<string, never>>, query?: Query]
  : [params: PathParams<N>, query?: Query];

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The address of a page: href('room', { room: id }). */
export function href<N extends PathName>(name: N, ...[params, query]: Args<N>): string {
  const values: Readonly<Record<string, string>> = params ?? {};
  const path = paths[name].replace(/:(\w+)/g, (_, part: string) => encodeURIComponent(values[part] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
