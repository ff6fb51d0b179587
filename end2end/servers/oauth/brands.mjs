// What makes the one OAuth server behave as Google or as Microsoft: paths, scopes, lifetimes, and the words of a refusal.
//
// Sources: Google "OAuth 2.0 for Web Server Applications" (access_type=offline; refresh tokens are not rotated);
// Microsoft "OAuth 2.0 authorization code flow" and "device authorization grant" (offline_access; a new refresh token at
// each use; no revocation endpoint; device codes) and its AADSTS reference. Unlike Microsoft's, the old refresh
// token dies here once it was exchanged, and a second use kills the whole grant: the harder case.

const GRANTS = ['authorization_code', 'refresh_token'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

export const GOOGLE = {
  key: 'google',
  name: 'Google',
  colour: '#1a5fb4',
  mailScopes: { smtp: 'https://mail.google.com/', imap: 'https://mail.google.com/' },
  scopeWords: {
    'https://mail.google.com/': 'Read, compose, send and delete all your e-mail',
    email: 'See your e-mail address',
    openid: 'Know who you are on Google',
    profile: 'See your name',
  },
  routes: {
    authorization: '/o/oauth2/v2/auth', token: '/token', revocation: '/revoke', introspection: '/introspect',
    device_authorization: '/device/code', code_verification: '/device', userinfo: '/userinfo', jwks: '/certs',
  },
  revocation: true,
  rotate: false,
  tokenBits: 1024,
  client: { client_id: 'tocsin-google', client_secret: 'google-client-secret-1', grant_types: [...GRANTS, DEVICE] },
  wantsOffline: (params) => params.access_type === 'offline',
  refusal: {
    invalid_grant: 'Token has been expired or revoked.',
    invalid_client: 'The provided client secret is invalid.',
  },
};

export const MICROSOFT = {
  key: 'microsoft',
  name: 'Microsoft',
  colour: '#0b5a63',
  mailScopes: { smtp: 'https://outlook.office.com/SMTP.Send', imap: 'https://outlook.office.com/IMAP.AccessAsUser.All' },
  scopeWords: {
    'https://outlook.office.com/SMTP.Send': 'Send e-mail as you',
    'https://outlook.office.com/IMAP.AccessAsUser.All': 'Read and write your e-mail by IMAP',
    email: 'See your e-mail address',
    openid: 'Sign you in',
    profile: 'See your name',
    offline_access: 'Keep access to what you have given it access to',
  },
  routes: {
    authorization: '/common/oauth2/v2.0/authorize', token: '/common/oauth2/v2.0/token', revocation: '/revoke', introspection: '/introspect',
    device_authorization: '/common/oauth2/v2.0/devicecode', code_verification: '/devicelogin', userinfo: '/oidc/userinfo', jwks: '/common/discovery/v2.0/keys',
  },
  revocation: false,
  rotate: true,
  tokenBits: 14_336, // 2.4 kB as text: Microsoft's are that long, and break clients that send them on the AUTH line
  client: { client_id: 'tocsin-microsoft', client_secret: 'microsoft-client-secret-1', grant_types: [...GRANTS, DEVICE] },
  wantsOffline: (_params, granted) => granted.includes('offline_access'),
  refusal: {
    invalid_grant: 'AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.',
    invalid_client: 'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  },
};
