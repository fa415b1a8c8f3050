import { isAbsolute, relative, sep } from 'node:path';

/** The source of a file that may have been compiled for the run, as a path from the project's folder. */
const sourceOf = (file) =>
  file
    .split(sep)
    .join('/')
    .replace(/^\.cache\/tests\/[^/]+\/(.*)\.js$/, '$1.ts');

/** A reporter for `node --test` that writes what passed, failed and was skipped as JSON, and how long each file took, for the summary of `npm test`. */
export default async function* countReporter(source) {
  const results = { passed: 0, failed: [], skipped: [], seconds: {} };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.nesting === 0 && data.file) {
      const file = sourceOf(relative(process.cwd(), data.file));
      results.seconds[file] = (results.seconds[file] ?? 0) + data.details.duration_ms / 1000;
    }
    const isSuite = data.details?.type === 'suite';
    const failure = type === 'test:fail' && data.todo === undefined && data.details?.error?.failureType;
    if (failure) {
      // What fails only because something in it failed does not count by itself; a hook of its own does.
      if (failure !== 'subtestsFailed' && (!isSuite || failure === 'hookFailed'))
        results.failed.push(isAbsolute(data.name) ? sourceOf(relative(process.cwd(), data.name)) : data.name);
    } else if (isSuite) continue;
    else if (data.skip !== undefined || data.todo !== undefined) {
      const reason = [data.skip, data.todo].find((text) => typeof text === 'string' && text !== '');
      results.skipped.push({ name: data.name, reason: reason ?? 'marked as skipped or to be done' });
    } else results.passed += 1;
  }
  yield JSON.stringify(results);
}
