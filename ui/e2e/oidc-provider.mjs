// A sign-in provider for tests: npm's oidc-provider with a page that asks for one name.
//
//   import { startIssuer } from './oidc-provider.mjs';
//   const issuer = await startIssuer({ port, users: { bea: { name: 'Bea' } }, redirectUri, backchannelUri });
//   … issuer.url, issuer.clientId, issuer.clientSecret …
//   await issuer.close();
//
// Or as a program: PORT=… USERS='{"bea":{"name":"Bea"}}' REDIRECT=… BACKCHANNEL=… node oidc-provider.mjs
// The subject of a person is their key in `users`, or the field `sub`.
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import Provider from 'oidc-provider';

/** Starts an issuer on a loopback port and resolves when it answers. */
export async function startIssuer(options) {
  const { port, users, redirectUri, backchannelUri, loggedOutUri, label = 'Testanmeldung' } = options;
  const url = `http://127.0.0.1:${port}`;
  const clientId = 'rathaus';
  const clientSecret = 'test-secret-test-secret';
  const bySubject = Object.fromEntries(
    Object.entries(users).map(([login, user]) => [user.sub ?? login, { login, ...user }]),
  );

  const provider = new Provider(url, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code'],
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: loggedOutUri ? [loggedOutUri] : [],
        ...(backchannelUri && {
          backchannel_logout_uri: backchannelUri,
          backchannel_logout_session_required: true,
        }),
      },
    ],
    findAccount: (_ctx, sub) =>
      bySubject[sub] && { accountId: sub, claims: () => ({ ...bySubject[sub], sub }) },
    claims: {
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    cookies: { keys: ['test'] },
    ttl: { Session: 3600, Grant: 3600, IdToken: 3600, AccessToken: 3600, Interaction: 3600 },
    // Calls to loopback are refused by the library's own dispatcher; a test needs them.
    fetch: (target, { dispatcher: _, ...init } = {}) => globalThis.fetch(target, init),
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });

  provider.use(async (ctx, next) => {
    const [, uid] = /^\/login\/([\w-]+)$/.exec(ctx.path) ?? [];
    if (!uid) return next();
    if (ctx.method === 'GET') {
      ctx.type = 'html';
      ctx.body = loginPage(label);
      return undefined;
    }
    const form = new URLSearchParams(await body(ctx.req));
    const login = form.get('login') ?? '';
    const sub = users[login]?.sub ?? login;
    const result = bySubject[sub]
      ? { login: { accountId: sub } }
      : { error: 'access_denied', error_description: 'unknown person' };
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    ctx.respond = false;
    return undefined;
  });

  const server = provider.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url, clientId, clientSecret, close };
}

const loginPage = (label) => `<!doctype html>
<html lang="de"><title>${label}</title>
<body style="font-family:sans-serif;max-width:24rem;margin:4rem auto">
<h1>${label}</h1>
<form method="post"><label>Name <input name="login" autofocus required></label> <button>Anmelden</button></form>
</body></html>`;

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { PORT, USERS, REDIRECT, BACKCHANNEL, LOGGED_OUT, LABEL } = process.env;
  const issuer = await startIssuer({
    port: Number(PORT),
    users: JSON.parse(USERS ?? '{"bea":{"name":"Bea Bauhof"}}'),
    redirectUri: REDIRECT,
    backchannelUri: BACKCHANNEL,
    loggedOutUri: LOGGED_OUT,
    label: LABEL,
  });
  process.stdout.write(`ready ${issuer.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => issuer.close().then(() => process.exit(0)));
}
