// OAuth flows without a browser: what the owner of a mailbox and the application do, by plain HTTP.
import { createHash, randomBytes } from 'node:crypto';
import { USERS } from './users.mjs';

const passwordOf = (address) => USERS.find((user) => user.address === address).password;

/** A browser reduced to its cookie jar: follows redirects itself, and stops where `until` says so. */
export class Visitor {
  #cookies = new Map();

  async #once(url, init) {
    const { pathname } = new URL(url);
    const fitting = [...this.#cookies.values()].filter(({ path }) => pathname.startsWith(path));
    const cookie = fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init?.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
      if (value) this.#cookies.set(`${name} ${path}`, { name, value, path });
      else this.#cookies.delete(`${name} ${path}`);
    }
    return answer;
  }

  async go(url, init, until = () => false) {
    let answer = await this.#once(url, init);
    while (answer.headers.has('location')) {
      url = new URL(answer.headers.get('location'), url).href;
      if (until(url)) return { url };
      answer = await this.#once(url);
    }
    return { url, status: answer.status, text: await answer.text() };
  }

  post(url, fields, until) {
    return this.go(url, { method: 'POST', body: new URLSearchParams(fields) }, until);
  }
}

export async function signInAndDecide(visitor, page, { user, password = passwordOf(user), decision = 'allow', scopes }, until) {
  const consent = await visitor.post(page.url, { address: user, password, decision: 'sign-in' });
  if (consent.status !== 200) throw new Error(`signing in as ${user}: ${consent.status}`);
  const offered = [...consent.text.matchAll(/name="scope" value="([^"]+)"/g)].map(([, scope]) => scope);
  const granted = (scopes ?? offered).map((scope) => ['scope', scope]);
  return visitor.post(consent.url, [...granted, ['decision', decision]], until);
}

async function tokenCall(provider, fields, authenticate = { client_id: provider.client_id, client_secret: provider.client_secret }) {
  const answer = await fetch(provider.token, { method: 'POST', body: new URLSearchParams({ ...authenticate, ...fields }) });
  return { status: answer.status, ...(await answer.json()) };
}

/** Authorization code with PKCE. `provider`: `servers.google` or `servers.microsoft`. Answers the token endpoint's answer, or `{ error }` of the way back. */
export async function codeFlow(provider, { user, scope, redirectUri, password, decision, scopes, extra = {}, visitor = new Visitor() }) {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const query = new URLSearchParams({
    client_id: provider.client_id, response_type: 'code', redirect_uri: redirectUri, scope, state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...extra,
  });
  const isBack = (url) => url.startsWith(redirectUri);
  const page = await visitor.go(`${provider.authorize}?${query}`, undefined, isBack);
  const back = isBack(page.url) ? page : await signInAndDecide(visitor, page, { user, password, decision, scopes }, isBack);
  const answer = new URL(back.url).searchParams;
  if (answer.get('state') !== state) throw new Error(`the way back carries another state: ${back.url}`);
  if (answer.has('error')) return { error: answer.get('error'), error_description: answer.get('error_description') };
  return tokenCall(provider, { grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirectUri, code_verifier: verifier });
}

export const refresh = (provider, refreshToken, secret) => tokenCall(provider, { grant_type: 'refresh_token', refresh_token: refreshToken },
  { client_id: provider.client_id, client_secret: secret ?? provider.client_secret });

/** Device authorization (RFC 8628): the codes, and what the application and the owner do with them. */
export async function deviceFlow(provider, { scope }) {
  const answer = await fetch(provider.device, {
    method: 'POST', body: new URLSearchParams({ client_id: provider.client_id, client_secret: provider.client_secret, scope }),
  });
  const codes = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(codes));
  return {
    codes,
    poll: () => tokenCall(provider, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: codes.device_code }),
    async approve({ user, decision, scopes }) {
      const visitor = new Visitor();
      const entry = await visitor.go(codes.verification_uri);
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(entry.text)[1];
      const page = await visitor.post(codes.verification_uri, { xsrf, user_code: codes.user_code, confirm: 'yes' });
      return signInAndDecide(visitor, page, { user, decision, scopes });
    },
  };
}
