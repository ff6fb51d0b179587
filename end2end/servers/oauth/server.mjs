// One OAuth server (the certified npm package `oidc-provider`) that plays Google or Microsoft.
//
// Authorization code with PKCE (S256, required), refresh, device code, introspection (RFC 7662), and revocation
// (RFC 7009) where the real one has it. What tests change while it runs: `knobs`, the clients, and whose grants live.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { USERS } from '../users.mjs';
import { interactions } from './interactions.mjs';
import { deviceCodePage, deviceConfirmPage, donePage, errorPage } from './pages.mjs';
import { Storage } from './storage.mjs';

/** The client by which the mail servers ask whether a token is good. */
export const MAIL_SERVER = { client_id: 'mail-server', client_secret: 'mail-server-secret' };

const HALF_A_YEAR = 180 * 86_400;

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') };
}

/** What a test can change at run time, by `PATCH /knobs/google` at the control address. Seconds unless named otherwise. */
function defaultKnobs(brand) {
  return {
    accessTokenSeconds: 3600,
    refreshTokenSeconds: null, // null: half a year, and not told in the answer
    rotate: brand.rotate,
    /** `{ status, body?, delayMs?, drop?, times? }`: the next `times` (default 1) calls of the token endpoint fail so. */
    tokenFault: null,
  };
}

function configuration(brand, storage, knobs, offline) {
  return {
    adapter: storage.adapter,
    jwks: { keys: [signingKey()] },
    scopes: Object.keys(brand.scopeWords),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false, // the id_token itself says which mailbox signed in, as Google's and Microsoft's do
    extraParams: ['access_type', 'include_granted_scopes', 'domain_hint'],
    routes: brand.routes,
    cookies: {
      keys: [randomBytes(16).toString('hex')],
      // Cookies do not tell ports apart: without names of their own the two servers of one host overwrite each other's.
      names: { session: `_${brand.key}`, interaction: `_${brand.key}_interaction`, resume: `_${brand.key}_resume` },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    findAccount: (_ctx, id) => {
      const user = USERS.find((known) => known.address === id);
      return user && { accountId: id, claims: () => ({ sub: id, email: id, email_verified: true, name: user.name }) };
    },
    expiresWithSession: () => false, // a grant outlives the browser's session, also without the scope offline_access
    issueRefreshToken: (_ctx, client, source) => client.grantTypeAllowed('refresh_token') && offline.has(source.grantId),
    rotateRefreshToken: () => knobs.rotate,
    extraTokenClaims: (_ctx, token) => ({ email: token.accountId }), // introspection then says whose token it is
    formats: { bitsOfOpaqueRandomness: (_ctx, token) => (token?.kind === 'AccessToken' ? brand.tokenBits : 256) },
    ttl: {
      AccessToken: () => knobs.accessTokenSeconds,
      RefreshToken: () => knobs.refreshTokenSeconds ?? HALF_A_YEAR,
      AuthorizationCode: 60, DeviceCode: 900, Grant: HALF_A_YEAR, IdToken: 3600, Interaction: 600, Session: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, _out, error) => { ctx.body = deviceCodePage(brand, form, error && 'That code is not known here, or was used.'); },
        userCodeConfirmSource: (ctx, form, client, _info, code) => { ctx.body = deviceConfirmPage(brand, form, client.clientName ?? client.clientId, code); },
        successSource: (ctx) => { ctx.body = donePage(brand); },
      },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === MAIL_SERVER.client_id },
      revocation: { enabled: brand.revocation },
      userinfo: { enabled: true },
      rpInitiatedLogout: { enabled: false },
    },
    renderError: (ctx, out) => { ctx.type = 'html'; ctx.body = errorPage(brand, out); },
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes the next calls of the token endpoint fail as the test asked; true when this one has been answered. */
async function failed(ctx, knobs) {
  const fault = knobs.tokenFault;
  if (!fault) return false;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times <= 0) knobs.tokenFault = null;
  if (fault.delayMs) await pause(fault.delayMs);
  if (fault.drop) ctx.req.destroy();
  else if (!fault.status) return false;
  ctx.status = fault.status ?? 500;
  ctx.body = fault.body ?? { error: 'server_error' };
  return true;
}

/** Answers `{ handler, storage, knobs, seen, reset }`; `handler` is for `http.createServer`. */
export function createOAuthServer(brand, issuer) {
  const storage = new Storage();
  const knobs = defaultKnobs(brand);
  const offline = new Set();
  const seen = { authorizations: 0, consents: 0, tokens: 0, refreshes: 0, tokenErrors: 0, introspections: 0 };

  storage.clients.set(brand.client.client_id, {
    ...brand.client, client_name: 'Tocsin', application_type: 'web', response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/oauth/callback'], token_endpoint_auth_method: 'client_secret_post',
  });
  storage.clients.set(MAIL_SERVER.client_id, {
    ...MAIL_SERVER, grant_types: [], response_types: [], redirect_uris: [], token_endpoint_auth_method: 'client_secret_basic',
  });

  const provider = new Provider(issuer, configuration(brand, storage, knobs, offline));

  provider.use(async (ctx, next) => {
    const starts = ctx.path === brand.routes.authorization || (ctx.path === brand.routes.code_verification && ctx.method === 'GET');
    if (starts) {
      seen.authorizations += 1;
      // Each authorization begins signed out, also in the browser's jar: a switch of accounts would ask to sign out first.
      delete ctx.req.headers.cookie;
      ctx.cookies.set(`_${brand.key}`, null, { signed: false });
      // Both pages are shown in any case; and without it oidc-provider would drop the scope offline_access.
      if (ctx.query.prompt !== 'none') ctx.query = { ...ctx.query, prompt: 'consent' };
    }
    if (ctx.path === brand.routes.introspection) seen.introspections += 1;
    await next();
  });

  provider.use(async (ctx, next) => {
    if (ctx.path !== brand.routes.token) return next();
    // The real ones take the client's secret from the header or from the form; oidc-provider wants to know which.
    const client = storage.clients.get(brand.client.client_id);
    client.token_endpoint_auth_method = ctx.get('authorization').startsWith('Basic ') ? 'client_secret_basic' : 'client_secret_post';
    if (!(await failed(ctx, knobs))) {
      await next();
      if (ctx.oidc?.params?.grant_type === 'refresh_token') seen.refreshes += 1;
      const words = brand.refusal[ctx.body?.error];
      if (words) ctx.body = { ...ctx.body, error_description: words };
      if (ctx.body?.refresh_token && knobs.refreshTokenSeconds) ctx.body = { ...ctx.body, refresh_token_expires_in: knobs.refreshTokenSeconds };
    }
    if (ctx.status === 200) seen.tokens += 1;
    else seen.tokenErrors += 1;
  });

  provider.use(interactions(provider, brand, (grantId, params, granted) => {
    seen.consents += 1;
    if (brand.wantsOffline(params, granted)) offline.add(grantId);
  }));

  const reset = () => {
    Object.assign(knobs, defaultKnobs(brand));
    for (const { address } of USERS) storage.revokeGrantsOf(address);
  };
  return { brand, issuer, handler: provider.callback(), storage, knobs, seen, reset };
}

/** Where a client finds the server's endpoints, and by which client. */
export function describe({ brand, issuer, storage }) {
  const { client_id, client_secret } = storage.clients.get(brand.client.client_id);
  const at = (route) => issuer + brand.routes[route];
  return {
    issuer, client_id, client_secret, authorize: at('authorization'), token: at('token'), device: at('device_authorization'),
    userinfo: at('userinfo'), introspect: at('introspection'), ...(brand.revocation && { revoke: at('revocation') }),
  };
}
