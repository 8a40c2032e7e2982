// Counts what passed, failed and was skipped, of the steps and of vitest's JSON report.

/** `report` is undefined where vitest wrote none; `clean` is whether vitest itself ended well. */
export function tally(steps, report, clean) {
  const failed = steps.filter((step) => !step.passed).map((step) => step.name);
  const skipped = [];
  let passed = steps.length - failed.length;
  for (const file of report?.testResults ?? []) {
    const name = file.name.replace(/^.*\/(?=test\/)/, '');
    if (file.status === 'failed' && file.assertionResults.length === 0)
      failed.push(`${name}: ${firstLine(file.message)}`);
    for (const test of file.assertionResults) {
      const title = `${name}: ${test.fullName}`;
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failed.push(title);
      else skipped.push(title);
    }
  }
  // An error outside any test, or no report at all, must not look like success.
  if (!clean && failed.length === 0) failed.push('vitest: an error outside the tests, see above');
  return { passed, failed, skipped };
}

/** What to print; the last line is the count. */
export function summary({ passed, failed, skipped }) {
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return [
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.map((name) => `failed: ${name}`),
    `${passed} passed, ${failed.length} failed${tail}`,
  ];
}

function firstLine(text = '') {
  return text.split('\n')[0];
}
