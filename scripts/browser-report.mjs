// The counts of a run of the browser tests, "passed failed skipped", from Playwright's report; on the standard error, a line for
// every test that failed, or passed only when it was tried again: the end of a long log is what people read.
import { readFileSync } from 'node:fs';

const [file, run] = process.argv.slice(2);
const { stats, suites } = JSON.parse(readFileSync(file, 'utf8'));
const STATES = { unexpected: 'failed', flaky: 'passed only the second time' };

function walk(suite) {
  for (const spec of suite.specs ?? []) {
    for (const { status, projectName } of spec.tests) {
      if (STATES[status]) console.error(`${run}, ${projectName}: ${spec.file}:${spec.line} ${spec.title}: ${STATES[status]}`);
    }
  }
  (suite.suites ?? []).forEach(walk);
}

suites.forEach(walk);
console.log([stats.expected + stats.flaky, stats.unexpected, stats.skipped].join(' '));
