import { describe, expect, it } from 'vitest';
import type { Clock } from '../../cli/progress/clock.ts';
import { terminalReporter } from '../../cli/progress.ts';
import type { Event } from '../../core/events.ts';

/** A clock that a test moves; timers fire in order on the way. */
function fakeClock() {
  let time = 0;
  let timers: { at: number; act: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    after: (ms, act) => {
      const timer = { at: time + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const pass = (ms: number) => {
    const end = time + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      time = next.at;
      next.act();
    }
    time = end;
  };
  return { clock, pass, waiting: () => timers.length };
}

function reporter(terminal: boolean, size = { columns: 80, rows: 24 }) {
  const { clock, pass, waiting } = fakeClock();
  const written: string[] = [];
  const report = terminalReporter({ err: (text) => void written.push(text), terminal }, { clock, size: () => size });
  return { report, pass, waiting, written, text: () => written.join('') };
}

const at = (step: string, seed = 1, pipeline = 'ips') => ({ pipeline, seed, step, node: `folder/${step}` });
const started = (steps: number): Event => ({ event: 'run-started', command: 'run ips', pipelines: 1, steps });
const begin = (step: string, seed?: number): Event => ({ event: 'step-started', worker: 0, ...at(step, seed) });
const ended = (step: string, status: 'computed' | 'cached' | 'failed' = 'computed', ms = 10, seed?: number): Event => ({
  event: 'step-ended',
  status,
  ms,
  ...at(step, seed),
});
const over = (ms: number): Event => ({ event: 'run-ended', outcome: 'ok', ms, record: 'runs/1' });
const warn = (step: string, message: string, seed?: number): Event => ({
  event: 'step-log',
  level: 'warn',
  message,
  ...at(step, seed),
});
const screen = (written: readonly string[]): string[] => {
  // the terminal: what remains when the erase sequences are obeyed
  let lines: string[] = [''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is parsed
  for (const piece of written.join('').match(/\u001b\[(\d+)A|\u001b\[J|\u001b\[[0-9;]*m|\r|\n|[^\u001b\r\n]+/g) ?? []) {
    if (piece.endsWith('A')) lines = lines.slice(0, lines.length - Number(piece.slice(2, -1)));
    else if (piece === '\u001b[J') lines[lines.length - 1] = '';
    else if (piece === '\n') lines.push('');
    else if (!piece.startsWith('\u001b') && piece !== '\r') lines[lines.length - 1] += piece;
  }
  return lines.filter((line) => line !== '');
};

describe('in a pipe', () => {
  it('a short step gets one line, a long one also says that it started', () => {
    const { report, pass, text } = reporter(false);
    report(started(2));
    report(begin('weights'));
    pass(200);
    report(ended('weights', 'computed', 200));
    report(begin('model'));
    pass(5_000);
    report(ended('model', 'computed', 5_000));
    report(over(5_200));
    expect(text()).toBe(
      [
        'run ips: 1 pipeline, 2 steps',
        '[1/2] ips.weights computed in 200 ms',
        '[1/2] ips.model started',
        '[2/2] ips.model computed in 5.0 s',
        'done in 5.2 s: 2 steps computed',
        '',
      ].join('\n'),
    );
  });

  it('a step that goes on from a checkpoint says so, and what it still needs follows from what this run did', () => {
    const { report, pass, text } = reporter(false);
    const progress = (done: number): Event => ({ event: 'step-progress', done, total: 100, ...at('model') });
    report(started(1));
    report(begin('model'));
    report({ event: 'step-resumed', at: 'epoch 50', ...at('model') });
    report(progress(50));
    pass(40_000);
    report(progress(60));
    expect(text()).toContain('\n> ips.model: resumed from epoch 50\n');
    expect(text()).toContain('ips.model: 60%, 40.0 s so far, about 2 min 40 s left');
  });

  it('cached steps are one line, however many they are', () => {
    const { report, text } = reporter(false);
    report(started(500));
    for (let i = 0; i < 500; i++) report(ended(`s${i}`, 'cached', 0));
    report(over(40));
    expect(text().split('\n')).toEqual([
      'run ips: 1 pipeline, 500 steps',
      '500 steps cached',
      'done in 40 ms: 0 steps computed',
      '',
    ]);
  });

  it('names the seed once there are two of them', () => {
    const { report, text } = reporter(false);
    report(started(2));
    report(ended('model', 'computed', 10, 1));
    report(ended('model', 'computed', 10, 2));
    expect(text()).toContain('[1/2] ips.model computed');
    expect(text()).toContain('[2/2] ips.model (seed 2) computed');
  });

  it('the same warning from many seeds is said once and counted, whatever its numbers', () => {
    const { report, text } = reporter(false);
    report(started(30));
    for (let seed = 0; seed < 30; seed++) report(warn('weights', `${12 + seed} of 300 weights are clipped`, seed));
    report(warn('weights', 'all weights are equal'));
    report(over(1_000));
    const lines = text().split('\n');
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([
      '! ips.weights: 12 of 300 weights are clipped',
      '! ips.weights (seed 1): all weights are equal',
      '! 29 more messages like: ips.weights: 12 of 300 weights are clipped',
    ]);
  });

  it('a failure is named with its reason, and the end counts what was skipped', () => {
    const { report, text } = reporter(false);
    report(started(3));
    report({
      ...(ended('model', 'failed') as Extract<Event, { event: 'step-ended' }>),
      problem: { code: 'bad-data', message: 'no positive label', where: null, hint: null },
    });
    report({ event: 'step-ended', status: 'skipped', ms: 0, ...at('scores') });
    report({ event: 'run-ended', outcome: 'failed', ms: 70, record: 'runs/1' });
    expect(text()).toContain('x ips.model failed: no positive label\n');
    expect(text()).toContain('failed in 70 ms: 0 steps computed, 1 failed, 1 skipped\n');
  });

  it('a long step gives a sign of life twice a minute, with the loss and what is left', () => {
    const { report, pass, text } = reporter(false);
    report(started(1));
    report(begin('model'));
    for (let epoch = 1; epoch <= 70; epoch++) {
      pass(1_000);
      report({ event: 'step-epoch', epoch, values: { loss: 1 / epoch, norm: 2 }, ...at('model') });
      report({ event: 'step-progress', done: epoch, total: 100, ...at('model') });
    }
    const life = text()
      .split('\n')
      .filter((line) => line.includes('%'));
    expect(life).toEqual(
      [
        '[0/1] ips.model: 31%, epoch 31: loss 0.03226, 31.0 s so far, about 1 min 09 s left',
        '[0/1] ips.model: 61%, epoch 61: loss 0.01639, 1 min 01 s so far, about 39.0 s left',
      ].map((line) => expect.stringMatching(new RegExp(line.replace(/[[\]]/g, '\\$&').replace(/\d/g, '\\d')))),
    );
  });

  it('says that the run is stopping', () => {
    const { report, text } = reporter(false);
    report(started(4));
    report({ event: 'draining', running: 2 });
    expect(text()).toContain('stopping: 2 running steps may finish; interrupt again to abort\n');
  });
});

describe('on a terminal', () => {
  it('a cached run draws nothing and ends in one line', () => {
    const { report, pass, text } = reporter(true);
    report(started(8));
    for (let i = 0; i < 8; i++) report(ended(`s${i}`, 'cached', 0));
    pass(40);
    report(over(40));
    expect(text()).toBe('done in 40 ms: 0 computed, 8 cached\n');
  });

  it('shows each running step with bar, percent, loss and time, and the whole below', () => {
    const { report, pass, written } = reporter(true, { columns: 120, rows: 24 });
    report(started(10));
    report(ended('raw', 'cached'));
    report(begin('model'));
    report({ event: 'step-progress', done: 25, total: 100, ...at('model') });
    report({ event: 'step-epoch', epoch: 25, values: { loss: 0.512345 }, ...at('model') });
    pass(4_000);
    const [step, whole] = screen(written);
    expect(step).toMatch(/^ {2}ips\.model {2}█{5}░{15} {2}25% {2}epoch 25: loss 0\.5123 {2}3\.1 s, about 9\.3 s left$/);
    expect(whole).toMatch(/10% {2}1 of 10 steps {2}0 computed, 1 cached {2}3\.1 s/);
  });

  it('redraws at most ten times a second whatever the number of events', () => {
    const { report, pass, written } = reporter(true);
    report(started(10));
    report(begin('model'));
    for (let i = 0; i < 5_000; i++) {
      report({ event: 'step-progress', done: i, total: 5_000, ...at('model') });
      pass(1);
    }
    expect(written.length).toBeGreaterThan(40);
    expect(written.length).toBeLessThanOrEqual(52);
  });

  it('goes on drawing while the main thread is busy and no timer fires', () => {
    const { report, written } = (() => {
      const lines: string[] = [];
      let time = 0;
      const made = terminalReporter(
        { err: (text) => void lines.push(text), terminal: true },
        { clock: { now: () => (time += 60), after: () => () => {} }, size: () => ({ columns: 80, rows: 24 }) },
      );
      return { report: made, written: lines };
    })();
    report(started(2));
    report(begin('model'));
    for (let i = 0; i < 20; i++) report({ event: 'step-progress', done: i, total: 20, ...at('model') });
    expect(written.length).toBeGreaterThan(5);
  });

  it('prints a warning above the block and keeps it there', () => {
    const { report, pass, written } = reporter(true);
    report(started(3));
    report(begin('model'));
    pass(200);
    report(warn('model', 'the loss\nstands still'));
    pass(200);
    const lines = screen(written);
    expect(lines[0]).toBe('! ips.model: the loss stands still');
    expect(lines).toHaveLength(3);
    report(over(500));
    expect(screen(written)).toEqual(['! ips.model: the loss stands still', 'done in 500 ms: 0 computed']);
  });

  it('a hundred running steps fit the screen', () => {
    const { report, pass, written } = reporter(true, { columns: 60, rows: 10 });
    report(started(1_000));
    for (let seed = 0; seed < 100; seed++) report(begin('a-step-with-a-very-long-name-that-would-wrap-around', seed));
    pass(200);
    const lines = screen(written);
    expect(lines).toHaveLength(8);
    expect(lines[6]).toBe('  and 94 more running');
    for (const line of lines) expect(line.length).toBeLessThan(60);
  });

  it('wide characters are counted as two columns', () => {
    const { report, pass, written } = reporter(true, { columns: 40, rows: 10 });
    report(started(1));
    report(begin('模型模型模型模型模型模型模型模型模型模型'));
    pass(200);
    expect(screen(written)).toHaveLength(2);
    expect(screen(written)[0]).toMatch(/…$/);
  });

  it('says how long the whole will take once it can, from what the plan expects to compute', () => {
    const { report, pass, written } = reporter(true, { columns: 120, rows: 24 });
    report(started(100));
    report({ event: 'planned', counts: { cached: 60, stale: 10, new: 10, pending: 20 } });
    for (let i = 0; i < 10; i++) report(ended(`s${i}`, 'computed', 1_000));
    pass(10_000);
    expect(screen(written).at(-1)).toMatch(/10 of 100 steps {2}10 computed {2}9\.1 s {2}about 27\.3 s left/);
  });

  it('close erases the block and forgets its timers, so that an error is printed on clean ground', () => {
    const { report, pass, written, waiting } = reporter(true);
    report(started(3));
    report(begin('model'));
    pass(300);
    report.close();
    expect(screen(written)).toEqual([]);
    expect(waiting()).toBe(0);
    report.note('a note');
    expect(screen(written)).toEqual(['a note']);
  });
});
