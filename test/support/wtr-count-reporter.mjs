/** A reporter for Web Test Runner that writes what passed, failed and was skipped to a file, for the summary of `npm test`. */
import { writeFileSync } from 'node:fs';

function* testsOf(suite, names = []) {
  for (const test of suite.tests ?? []) yield { ...test, name: [...names, test.name].join(' › ') };
  for (const inner of suite.suites ?? []) yield* testsOf(inner, [...names, inner.name]);
}

/** @param {string | undefined} path Where to write; nothing is written without one. */
export function countReporter(path) {
  return {
    stop({ sessions }) {
      if (!path) return;
      const results = { passed: 0, failed: [], skipped: [] };
      for (const session of sessions) {
        const tests = session.testResults ? [...testsOf(session.testResults)] : [];
        for (const test of tests) {
          if (test.skipped) results.skipped.push({ name: test.name, reason: 'marked as skipped' });
          else if (test.passed) results.passed += 1;
          else results.failed.push(test.name);
        }
        const broken = !session.passed && !tests.some((test) => !test.passed && !test.skipped);
        if (broken) results.failed.push(`${session.testFile} did not run to its end`);
      }
      writeFileSync(path, JSON.stringify(results));
    },
  };
}
