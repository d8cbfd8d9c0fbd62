/** A workshop in memory whose nodes are whatever a test defines, with digests that the test controls. */
import type { Event } from '../../../core/events.ts';
import type { AnyNode } from '../../../core/node.ts';
import { inProcess } from '../../../core/run/in-process.ts';
import type { Workshop } from '../../../core/run/run.ts';
import { compose, serviceModule } from '../../../core/services/container.ts';
import type { Store } from '../../../core/store.ts';
import { memoryStore } from '../../../core/testing/index.ts';
import type { Binding } from '../../../core/tokens.ts';

export interface Bed extends Workshop {
  readonly events: Event[];
  /** Code digests by node id; a node without one is never cached. `v1` unless set. */
  readonly code: Map<string, string | undefined>;
}

export function testBed(options: { store?: Store; use?: readonly Binding<string>[] } = {}): Bed {
  const events: Event[] = [];
  const code = new Map<string, string | undefined>();
  const inline = inProcess();
  const digest = (id: string) => {
    const own = code.has(id) ? code.get(id) : 'v1';
    return own === undefined ? undefined : { code: own, packages: {} };
  };
  return {
    events,
    code,
    version: 'test',
    store: options.store ?? memoryStore(),
    services: compose([
      serviceModule('test', ({ bind }) => {
        for (const binding of options.use ?? []) bind(binding);
      }),
    ]),
    digests: { node: (node: AnyNode) => digest(node.id), module: digest },
    dataFolder: undefined,
    executor: inline,
    inline,
    reporters: [(event) => events.push(event)],
  };
}
