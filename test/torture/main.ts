/** `npm run torture`: at least 300 kills. Exits non-zero when the store breaks its word. */
import { benchmark } from '../../bench/figures.ts';
import { killRuns } from './kill-runs.ts';

const kills = Number(process.argv[2] ?? 300);
const held = await benchmark('torture', async ({ line, promise }) => {
  const report = await killRuns(kills, 0.3, 1);
  line(
    `${report.kills} runs killed with SIGKILL at random moments (${report.tooLate} more were already done), ${report.seconds.toFixed(0)} s`,
  );
  promise('verify finds nothing wrong', report.findings.length === 0);
  if (report.findings.length > 0) line(JSON.stringify(report.findings.slice(0, 5)));
  promise('no memo refers to a missing object', report.danglingMemos === 0);
  promise('the final results are byte-identical to those of a quiet run', report.sameAsQuiet);
});
if (!held) process.exitCode = 1;
