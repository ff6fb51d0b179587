// How much is done. QUICK only shows that every measurement still runs; its figures are worth nothing.

export const FULL = {
  /** Bytes of each event's text and of each peer's mail body. */
  textBytes: 2048,
  acceptSeconds: 5,
  callers: [1, 64],
  delivered: 20_000,
  released: 10_000,
  held: 100_000,
  relayed: 10_000,
  sqliteRows: 5_000,
  nodemailer: 10_000,
  appriseThrottled: 3,
  appriseUnthrottled: 200,
  starts: 10,
  idleSeconds: 30,
};

export const QUICK = {
  ...FULL,
  acceptSeconds: 1,
  delivered: 1000,
  released: 500,
  held: 3000,
  relayed: 500,
  sqliteRows: 500,
  nodemailer: 500,
  appriseThrottled: 2,
  appriseUnthrottled: 20,
  starts: 2,
  idleSeconds: 1,
};
