import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Town } from './town.js';

/** The network between one person and the town, which can break as real networks do. */
export class Line {
  #server: Server | undefined;
  #state: 'up' | 'down' | 'silent' = 'up';
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** What a proxy does that knows no websockets. */
  refusesSockets = false;
  /** How many more bytes of the person pass before the line breaks, and who wants to know. */
  #left = Number.POSITIVE_INFINITY;
  #broken: () => void = () => {};

  private constructor(
    readonly town: Town,
    private port: number,
  ) {}

  static async to(town: Town): Promise<Line> {
    const line = new Line(town, 0);
    await line.open();
    return line;
  }

  /** The portal's address by this line. */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Breaks all connections; new ones are refused. */
  cut(): void {
    this.#state = 'down';
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Breaks all connections as soon as the person has sent so many bytes from now on. Resolves then. */
  cutAfter(bytes: number): Promise<void> {
    this.#left = bytes;
    return new Promise((broken) => {
      this.#broken = broken;
    });
  }

  /** Nothing comes through any more and nobody is told, as on a train. */
  silence(): void {
    this.#state = 'silent';
    for (const [near, far] of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  /** The network is back, and what was open before is lost. */
  mend(): void {
    if (this.#state === 'silent') this.cut();
    this.#state = 'up';
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((done) => (this.#server ? this.#server.close(() => done()) : done()));
  }

  private async open(): Promise<void> {
    const server = createServer((near) => this.take(near));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    this.port = address && typeof address === 'object' ? address.port : 0;
    this.#server = server;
  }

  private take(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.#state === 'down') {
      near.destroy();
      return;
    }
    const [host = '', port = ''] = (this.town.env.RATHAUS_SERVER_LISTEN ?? '').split(':');
    const far = connect(Number(port), host);
    far.on('error', () => near.destroy());
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const over = () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(pair);
    };
    near.on('close', over);
    far.on('close', over);
    near.on('data', (chunk) => {
      if (this.refusesSockets && /^upgrade: *websocket/im.test(chunk.toString('latin1'))) {
        near.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      far.write(chunk);
      this.#left -= chunk.length;
      if (this.#left > 0) return;
      this.#left = Number.POSITIVE_INFINITY;
      this.cut();
      this.#broken();
    });
    far.on('data', (chunk) => near.write(chunk));
    if (this.#state === 'silent') {
      near.pause();
      far.pause();
    }
  }
}
