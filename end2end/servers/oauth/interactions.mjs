// What happens at the provider between "Continue with …" and the way back: the owner signs in, then decides.
//
// Every authorization starts without a session, so each one shows the sign-in and then the consent page: a test never
// depends on who signed in before. Unticked scopes are refused, as at Google; the answer then lists those granted.
import { signIn } from '../users.mjs';
import { consentPage, page, signInPage } from './pages.mjs';

const PATH = /^\/interaction\/([\w-]+)$/;
const CLIENT_NAME = 'Tocsin';

async function formOf(ctx) {
  let text = '';
  for await (const chunk of ctx.req) text += chunk;
  return new URLSearchParams(text);
}

function html(ctx, body, status = 200) {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('cache-control', 'no-store');
  ctx.body = body;
}

/** Koa middleware that serves `/interaction/…`; `onGrant(grantId, params, granted)` learns of each consent. */
export function interactions(provider, brand, onGrant) {
  const finish = (ctx, result, merge) => {
    ctx.respond = false; // interactionFinished writes the redirect itself
    return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: merge });
  };

  async function signInStep(ctx, form, { params }) {
    const action = ctx.path;
    if (!form) return html(ctx, signInPage(brand, { action, address: params.login_hint }));
    const user = signIn(form.get('address'), form.get('password'));
    if (!user) return html(ctx, signInPage(brand, { action, address: form.get('address'), wrong: true }), 401);
    return finish(ctx, { login: { accountId: user.address, remember: false } }, false);
  }

  async function consentStep(ctx, form, { params, prompt, session }) {
    const scopes = prompt.details.missingOIDCScope ?? [];
    if (!form) return html(ctx, consentPage(brand, { action: ctx.path, client: CLIENT_NAME, address: session.accountId, scopes }));
    const granted = scopes.filter((scope) => scope === 'openid' || form.getAll('scope').includes(scope));
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(granted.join(' '));
    grant.rejectOIDCScope(scopes.filter((scope) => !granted.includes(scope)).join(' '));
    grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
    const grantId = await grant.save();
    onGrant(grantId, params, granted);
    return finish(ctx, { consent: { grantId } }, true);
  }

  return async (ctx, next) => {
    if (!PATH.test(ctx.path)) return next();
    let details;
    try {
      details = await provider.interactionDetails(ctx.req, ctx.res);
    } catch {
      return html(ctx, page(brand, 'This sign-in has ended', '<p>Go back to the application and start again.</p>'), 400);
    }
    const form = ctx.method === 'POST' ? await formOf(ctx) : undefined;
    if (form?.get('decision') === 'deny') return finish(ctx, { error: 'access_denied', error_description: 'The user denied the request.' }, false);
    return details.prompt.name === 'login' ? signInStep(ctx, form, details) : consentStep(ctx, form, details);
  };
}
