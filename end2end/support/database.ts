// The database of one server: a file in its data folder, or a fresh database in the Postgres cluster of the test run.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

export interface Database {
  url: string;
  drop(): void;
}

export function freshDatabase(dataDir: string): Database {
  const cluster = process.env.USHER_E2E_POSTGRES_URL;
  if (!cluster) return { url: `sqlite:${join(dataDir, 'usher.db')}`, drop: () => {} };

  const name = `e2e_${randomBytes(6).toString('hex')}`;
  const ask = (sql: string) => execFileSync('psql', [cluster, '--no-psqlrc', '--quiet', '--command', sql], { stdio: 'pipe' });
  ask(`create database ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => void ask(`drop database if exists ${name} with (force)`) };
}
