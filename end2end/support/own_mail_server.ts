// A mail server whose one password can be changed while it runs, as owners change theirs: AUTH PLAIN, no encryption.
// The servers that all tests share know fixed passwords.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export class OwnMailServer {
  /** The subjects of the mails that it took. */
  readonly subjects: string[] = [];
  readonly #server = createServer((socket) => this.#talk(socket));

  private constructor(public password: string) {}

  static async start(password: string): Promise<OwnMailServer> {
    const own = new OwnMailServer(password);
    own.#server.listen(0, '127.0.0.1');
    await once(own.#server, 'listening');
    return own;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop() {
    this.#server.close();
  }

  #talk(socket: Socket) {
    let rest = '';
    let inMail = false;
    socket.on('error', () => {});
    socket.write('220 own.example.test ESMTP\r\n');
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      for (;;) {
        const end = rest.indexOf(inMail ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const text = rest.slice(0, end);
        rest = rest.slice(end + (inMail ? 5 : 2));
        if (inMail) {
          this.subjects.push(/^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? '');
          inMail = false;
          socket.write('250 2.0.0 ok\r\n');
        } else {
          inMail = text.toUpperCase() === 'DATA';
          socket.write(this.#answer(text));
        }
      }
    });
  }

  #answer(line: string): string {
    switch (line.split(/[ :]/, 1)[0]!.toUpperCase()) {
      case 'EHLO': return '250-own.example.test\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n';
      case 'AUTH': {
        const given = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString().split('\0')[2];
        return given === this.password ? '235 2.7.0 ok\r\n' : '535 5.7.8 Username and Password not accepted\r\n';
      }
      case 'DATA': return '354 go on\r\n';
      case 'QUIT': return '221 2.0.0 bye\r\n';
      default: return '250 2.0.0 ok\r\n';
    }
  }
}
