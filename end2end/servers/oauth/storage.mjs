// Where an OAuth server keeps its tokens, grants and clients: plain maps, so that a test can look up and revoke what
// belongs to a user. (oidc-provider's own memory store is shared by all servers of a process and forgets after 1,000.)

// The records of these are filed under the secret itself.
const SECRETS = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'DeviceCode'];

export class Storage {
  #models = new Map();
  /** Every token and code that was ever given out. */
  issued = new Set();

  #records(model) {
    if (!this.#models.has(model)) this.#models.set(model, new Map());
    return this.#models.get(model);
  }

  /** The `adapter` of oidc-provider's configuration. */
  adapter = (model) => {
    const records = this.#records(model);
    const findBy = (key, value) => [...records.values()].find((record) => record[key] === value);
    return {
      upsert: async (id, record) => {
        records.set(id, record);
        if (SECRETS.includes(model)) this.issued.add(id);
      },
      find: async (id) => records.get(id),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (code) => findBy('userCode', code),
      consume: async (id) => void (records.get(id).consumed = Math.floor(Date.now() / 1000)),
      destroy: async (id) => void records.delete(id),
      revokeByGrantId: async (grantId) => this.#forget(records, grantId),
    };
  };

  #forget(records, grantId) {
    for (const [id, record] of records) if (record.grantId === grantId) records.delete(id);
  }

  get clients() {
    return this.#records('Client');
  }

  /** Ends every grant of a user, as the user does on the account's security page. Answers how many there were. */
  revokeGrantsOf(accountId) {
    const grants = this.#records('Grant');
    const ended = [...grants].filter(([, grant]) => grant.accountId === accountId).map(([id]) => id);
    for (const grantId of ended) {
      grants.delete(grantId);
      for (const records of this.#models.values()) this.#forget(records, grantId);
    }
    return ended.length;
  }
}
