// Starts the release binary on a free port with an empty data folder and an empty database, and stops it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freshDatabase } from './database.ts';

export const BINARY = process.env.USHER_BINARY ?? fileURLToPath(new URL('../../target/release/usher', import.meta.url));
const SET_UP_CODE = /set-up code:\s*([A-Z0-9]{4}-[A-Z0-9]{4})/i;
const PATIENCE = 20_000;

export interface Server {
  url: string;
  dataDir: string;
  /** What the running server was told, for commands beside it (`usher doctor`). */
  env: NodeJS.ProcessEnv;
  /** Everything that it has printed, over all its starts. */
  output(): string;
  /** The one-time code of the first visit. */
  setUpCode(): Promise<string>;
  /** Ends the process (SIGKILL: without a chance to tidy up) and starts it again on the same data. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-e2e-'));
  const database = freshDatabase(dataDir);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...withoutOurs(process.env),
    USHER_DATA_DIR: dataDir,
    USHER_DATABASE_URL: database.url,
    USHER_LISTEN: `127.0.0.1:${port}`,
    USHER_PUBLIC_URL: url,
    USHER_MAIL_FROM: 'usher@usher.example',
    ...settings,
  };

  let output = '';
  let child: ChildProcess;

  async function start() {
    child = spawn(BINARY, ['serve'], { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let failure: Error | undefined;
    child.on('error', (error) => (failure = error));
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    await until('the server to be ready', async () => {
      if (failure) throw failure;
      if (ended(child)) throw new Error(`the server ended at once:\n${output}`);
      return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok;
    }, () => output);
  }

  async function end(signal: NodeJS.Signals = 'SIGTERM') {
    if (ended(child)) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const inTime = await Promise.race([gone.then(() => true), sleep(PATIENCE, false, { ref: false })]);
    if (inTime) return;
    child.kill('SIGKILL');
    throw new Error(`the server did not stop on ${signal}:\n${output}`);
  }

  function tidyUp() {
    rmSync(dataDir, { recursive: true, force: true });
    database.drop();
  }

  try {
    await start();
  } catch (error) {
    child!.kill('SIGKILL');
    tidyUp();
    throw error;
  }

  return {
    url,
    dataDir,
    env,
    output: () => output,
    setUpCode: () => until('the set-up code', () => SET_UP_CODE.exec(output)?.[1], () => output),
    restart: async (signal) => {
      await end(signal);
      await start();
    },
    stop: async () => {
      try {
        await end();
      } finally {
        tidyUp();
      }
    },
  };
}

/** Asks again and again until the answer is something; complains with `context` when patience is over. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  context: () => string = () => '',
  patience = PATIENCE,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(25);
  }
  throw new Error(`waited ${patience} ms for ${what}\n${context()}`);
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

// The settings of whoever runs the tests must not reach the server.
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('USHER_')));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
