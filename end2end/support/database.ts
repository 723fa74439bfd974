// The database of one server: a file in its data folder, or a fresh database in the Postgres cluster of the test run; and
// time that passes in there, which a browser cannot wait for.
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
  const ask = (sql: string) => tell(cluster, sql);
  ask(`create database ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => void ask(`drop database if exists ${name} with (force)`) };
}

/** Lets the time of the invitations to this address be over since an hour, also for the lists; on Postgres only. */
export function expireInvitations(url: string, address: string) {
  const ended = Date.now() - 3_600_000;
  const theirs = `address = '${address.replaceAll("'", "''")}'`;
  const people = `select number from users where id in (select user_id from invitations where ${theirs})`;
  tell(url, `update invitations set expires_at = ${ended} where ${theirs};
             update roster set status_until = ${ended} where person in (${people})`);
}

function tell(url: string, sql: string) {
  return execFileSync('psql', [url, '--no-psqlrc', '--quiet', '--command', sql], { stdio: 'pipe' });
}
