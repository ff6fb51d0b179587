// The question of the mail servers, "whose token is this, and is it good?", put to both OAuth servers by RFC 7662.
// A token serves only with the scope that the real Google or Microsoft want for that protocol.
import { MAIL_SERVER } from './oauth/server.mjs';

const AUTHORIZATION = `Basic ${Buffer.from(`${MAIL_SERVER.client_id}:${MAIL_SERVER.client_secret}`).toString('base64')}`;

async function introspect({ issuer, brand }, token) {
  const answer = await fetch(issuer + brand.routes.introspection, {
    method: 'POST', headers: { authorization: AUTHORIZATION }, body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  });
  if (!answer.ok) throw new Error(`${brand.name}'s introspection answered ${answer.status}`);
  return answer.json();
}

/** `protocol`: `smtp` or `imap`. Answers an RFC 7662 object; `active: false` also for a token without the scope. */
export async function checkToken(oauthServers, token, protocol) {
  for (const server of oauthServers) {
    const found = await introspect(server, token);
    if (found.active) {
      const scopes = (found.scope ?? '').split(' ');
      return scopes.includes(server.brand.mailScopes[protocol]) ? found : { active: false };
    }
  }
  return { active: false };
}
