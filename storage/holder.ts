/**
 * A holder is an open store that has written something: the owner of locks, memo segments and temporary files. Its name says
 * on which boot of which machine its process runs, under which id and since when, so that anybody on that machine can tell
 * at once whether it still lives. Between machines only its heartbeat counts.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Layout } from './layout.ts';
import { boot, bootDigest, startOf } from './machine.ts';

const beatMs = 2_000;
/** A holder on another machine counts as dead after so long without a beat, by the clock of whoever waits. */
const silentMs = 60_000;
/** The same for somebody who looks once and does not wait; wide, since the clocks of two machines may differ. */
const silentAtOnceMs = 10 * 60_000;

export interface Holder {
  readonly name: string;
  readonly path: string;
  /** Puts the holder's file in place; free after the first call. */
  appear(): void;
  /** Starts the heartbeat; free after the first call. */
  beat(): void;
  /** Removes the file: what this holder wrote is finished. */
  leave(): void;
}

export function makeHolder(layout: Layout): Holder {
  const time = Date.now().toString(36).padStart(9, '0');
  const start = startOf(process.pid) ?? '0';
  const name = [time, bootDigest, process.pid, start, randomBytes(3).toString('hex')].join('-');
  const path = layout.path('locks/holders', name);
  let there = false;
  let thread: Worker | undefined;
  return {
    name,
    path,
    appear: () => {
      if (there) return;
      const record = { holder: name, host: hostname(), boot, pid: process.pid, start, since: new Date().toISOString() };
      writeFileSync(path, `${JSON.stringify(record)}\n`);
      there = true;
    },
    beat: () => {
      thread ??= heartbeat(path);
    },
    leave: () => {
      void thread?.terminate();
      thread = undefined;
      if (!there) return;
      there = false;
      rmSync(path, { force: true });
    },
  };
}

/** Touches the file from a thread of its own: a long computation on the main thread must not look like death. */
function heartbeat(path: string): Worker {
  const program = `
    const { workerData } = require('node:worker_threads');
    const { utimesSync } = require('node:fs');
    setInterval(() => { const now = new Date(); try { utimesSync(workerData.path, now, now); } catch {} }, workerData.every);`;
  const worker = new Worker(program, {
    eval: true,
    workerData: { path, every: beatMs },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  worker.on('error', () => {}); // without beats, another machine may compute a step a second time: no harm
  worker.unref();
  return worker;
}

const seen = new Map<string, { mtime: number; since: number }>();

/** The name of the holder in the name of one of its files. */
export const holderIn = (file: string): string => basename(file).split(/[._]/)[0] as string;

/** Whether a holder may still write. Wrong only between machines, and then at worst a step is computed twice. */
export function isAlive(layout: Layout, holder: string): boolean {
  const [, machine, pid, start] = holder.split('-');
  if (machine === undefined || pid === undefined || start === undefined) return false;
  const path = layout.path('locks/holders', holder);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (machine === bootDigest) return startOf(Number(pid)) === start;
  const now = performance.now();
  const last = seen.get(holder);
  if (last === undefined || last.mtime !== stat.mtimeMs) {
    seen.set(holder, { mtime: stat.mtimeMs, since: now });
    return Date.now() - stat.mtimeMs < silentAtOnceMs;
  }
  return now - last.since < silentMs;
}
