// The mailbox owners that every server here knows: they sign in at the OAuth servers, at SMTP and at IMAP by the
// same password. `full` has a mailbox that holds one kilobyte: mail to it is accepted and bounces later.
export const USERS = [
  { address: 'alice@example.test', password: 'alice-secret', name: 'Alice Example' },
  { address: 'bob@example.test', password: 'bob-secret', name: 'Bob Example' },
  { address: 'carol@example.test', password: 'carol-secret', name: 'Carol Example' },
  { address: 'ops@example.test', password: 'ops-secret', name: 'Operations' },
  { address: 'full@example.test', password: 'full-secret', name: 'Full Mailbox', quota: '1K' },
];

/** The account that signs in with `address` (letter case does not matter) and `password`; undefined when they do not fit. */
export function signIn(address, password) {
  const wanted = String(address).trim().toLowerCase();
  return USERS.find((user) => user.address === wanted && user.password === password);
}
