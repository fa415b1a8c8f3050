/** A reporter for `node --test` that writes what passed, failed and was skipped as JSON, for the summary of `npm test`. */
export default async function* countReporter(source) {
  const results = { passed: 0, failed: [], skipped: [] };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    if (type === 'test:fail') {
      // A suite fails with its tests; it counts by itself only where a hook of its own failed.
      if (!isSuite || data.details?.error?.failureType === 'hookFailed') results.failed.push(data.name);
    } else if (isSuite) continue;
    else if (data.skip !== undefined && data.skip !== false) {
      results.skipped.push({ name: data.name, reason: typeof data.skip === 'string' ? data.skip : 'marked as skipped' });
    } else results.passed += 1;
  }
  yield JSON.stringify(results);
}
