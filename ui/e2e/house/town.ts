import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The binary under test; `make build` makes it. */
const binary = process.env.RATHAUS_BINARY ?? resolve(import.meta.dirname, '../../../rathaus');

const patience = 20_000;

/**
 * A port that is free for TCP and UDP. It lies below those that systems give to connections, so that no browser takes it by chance
 * before the program listens, or while it starts again.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const port = randomInt(12_000, 32_000);
    if ((await listens(createServer(), port)) && (await binds(createSocket('udp4'), port))) return port;
  }
  throw new Error('no port is free');
}

const listens = (server: Server, port: number): Promise<boolean> =>
  new Promise((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

const binds = (socket: Socket, port: number): Promise<boolean> =>
  new Promise((done) => {
    socket.once('error', () => socket.close(() => done(false)));
    socket.bind(port, '127.0.0.1', () => socket.close(() => done(true)));
  });

/** The real program as its own process, on a database of its own. */
export class Town {
  #process: ChildProcess | undefined;
  #said = '';

  private constructor(
    readonly url: string,
    readonly dir: string,
    readonly env: Record<string, string>,
  ) {}

  /** Starts a fresh town. `settings` are configuration keys as environment variables. */
  static async start(settings: Record<string, string> = {}): Promise<Town> {
    const dir = await mkdtemp(join(tmpdir(), 'rathaus-e2e-'));
    const port = await freePort();
    const media = await freePort();
    const url = settings.RATHAUS_SERVER_PUBLIC_URL ?? `http://localhost:${port}`;
    const town = new Town(url, dir, {
      RATHAUS_SERVER_LISTEN: `127.0.0.1:${port}`,
      RATHAUS_SERVER_PUBLIC_URL: url,
      RATHAUS_SERVER_METRICS_LISTEN: '',
      RATHAUS_DATA_DIR: join(dir, 'data'),
      RATHAUS_MEET_UDP_PORT: String(media),
      RATHAUS_MEET_TCP_PORT: String(media),
      ...settings,
    });
    await town.boot();
    return town;
  }

  /** Starts the program (again) on the same data. */
  async boot(): Promise<void> {
    this.#said = '';
    const child = spawn(binary, ['serve'], {
      cwd: this.dir,
      env: { PATH: process.env.PATH ?? '', HOME: this.dir, ...this.env },
    });
    this.#process = child;
    child.stdout?.on('data', (text: Buffer) => {
      this.#said += text.toString();
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.#said += text.toString();
    });
    await this.until('the portal to open', () => /Rathaus is open at/.test(this.#said));
  }

  /** What the program has written since it was started. */
  get said(): string {
    return this.#said;
  }

  /** The one-time link of the first start. */
  get setupLink(): string {
    const link = /https?:\/\/\S+\/setup#\S+/.exec(this.#said)?.[0];
    if (!link) throw new Error(`no set-up link in:\n${this.#said}`);
    return link;
  }

  /** Ends the program as the service manager would. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the program as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the program and removes everything. */
  async leave(): Promise<void> {
    await this.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }

  private async until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + patience;
    while (!holds()) {
      if (Date.now() > end || this.#process?.exitCode !== null) {
        throw new Error(`waited for ${what}; the program said:\n${this.#said}`);
      }
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
