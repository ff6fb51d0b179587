// The data directory's providers.toml by which the presets Gmail and Outlook.com mean the test servers.

const text = (value) => JSON.stringify(value); // TOML's basic strings are JSON's

function table(values) {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return `{ ${known.map(([key, value]) => `${key} = ${text(value)}`).join(', ')} }`;
}

/** `servers`: what `startServers` answers. A Custom account on one of `hosts` is recognised as Gmail. */
export function providersToml({ ports, ca, google, microsoft }, hosts = []) {
  const imap = table({ host: 'localhost', port: ports.imaps, security: 'tls', ca });
  const tls = table({ host: 'localhost', port: ports.submissions, security: 'tls', ca });
  const starttls = table({ host: 'localhost', port: ports.submission, security: 'starttls', ca });
  return `[gmail]
hosts = ${text(hosts)}
smtp = ${tls}
imap = ${imap}
oauth = ${table({ authorize: google.authorize, token: google.token, revoke: google.revoke })}

[outlook]
smtp = ${starttls}
imap = ${imap}
oauth = ${table({ authorize: microsoft.authorize, token: microsoft.token, device: microsoft.device })}
`;
}
