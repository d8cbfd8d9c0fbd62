/** Runs a node's body without a runner: config with defaults, quiet services, warnings kept for the test to read. */
import type { Node } from '../../core/index.ts';
import type { Views } from '../../core/ports/ports.ts';

export async function runNode<In, Out, Config, Use>(
  node: Node<In, Out, Config, Use>,
  inputs: Views<In>,
  config?: Config,
): Promise<Views<Out> & { readonly warnings: readonly string[] }> {
  const warnings: string[] = [];
  const services = {
    log: { debug() {}, info() {}, warn: (message: string) => warnings.push(message) },
    cancel: { requested: false, check() {} },
    progress: { report() {}, epoch() {} },
  };
  const outputs = await node.body(inputs as never, node.configure(config) as never, services as never);
  return Object.assign(outputs as object, { warnings }) as never;
}
