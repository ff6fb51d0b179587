// What a test holds of running servers: their description, and what it can look at and change by the control address.

export class Servers {
  #stop;

  constructor(description, stop = async () => {}) {
    Object.assign(this, description);
    this.#stop = stop;
  }

  stop() {
    return this.#stop();
  }

  async #call(method, path, body) {
    const answer = await fetch(this.control + path, { method, body: body && JSON.stringify(body) });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(value)}`);
    return value;
  }

  /** Mail delivered to `address`, in the order in which the server accepted it. */
  mail(address) {
    return this.#call('GET', `/mail/${encodeURIComponent(address)}`);
  }

  /**
   * Waits until `count` mails to `address` fit: a text in the subject, a Message-ID, or a function of the mail. Answers them;
   * throws after `timeout` milliseconds, naming what was there.
   */
  async waitForMail(address, { subject, messageId, where = () => true, count = 1, timeout = 10_000 } = {}) {
    const fits = (mail) => (!subject || mail.subject?.includes(subject)) && (!messageId || mail.messageId === messageId) && where(mail);
    const until = Date.now() + timeout;
    for (;;) {
      const all = await this.mail(address);
      const found = all.filter(fits);
      if (found.length >= count) return found;
      if (Date.now() > until) throw new Error(`${found.length} of ${count} mails came to ${address} within ${timeout} ms; there are: ${JSON.stringify(all.map((mail) => mail.subject))}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** Ends all grants of a user, as on the account's security page. Answers how many there were. */
  async revoke(provider, user) {
    return (await this.#call('POST', `/revoke/${provider}`, { user })).revoked;
  }

  /** Changes `google`, `microsoft` or `mail` while running: lifetimes, rotation, faults (control.mjs). */
  knobs(name, values) {
    return this.#call('PATCH', `/knobs/${name}`, values);
  }

  /** Changes the OAuth client of a provider: `{ client_secret?, redirect_uris? }`. */
  async client(provider, change) {
    this[provider] = await this.#call('PATCH', `/clients/${provider}`, change);
    return this[provider];
  }

  /** As at the start: no mail, no grants, no faults. */
  reset() {
    return this.#call('POST', '/reset', {});
  }

  /** Every password, client secret, token and code that there is or was. */
  secrets() {
    return this.#call('GET', '/secrets');
  }

  seen() {
    return this.#call('GET', '/seen');
  }
}
