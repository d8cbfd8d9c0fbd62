/** A process that takes orders and answers, a JSON line each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Answer {
  /** Processor time, ms. */
  readonly ms: number;
  readonly epochs: number;
  /** Largest resident size so far, bytes. */
  readonly peak: number;
  readonly perEpoch: number;
}
type Order =
  | { do: 'steps'; count: number }
  | { do: 'fit'; epochs: number }
  | { do: 'evaluate' }
  | { do: 'history'; epochs: number; every: number; patience: number };
export class Trainee<A = Answer> {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** Resolves when the process is ready to take orders. */
  static async start<A = Answer>(command: string, words: readonly string[]): Promise<Trainee<A>> {
    const trainee = new Trainee<A>(command, words);
    await trainee.#answer();
    return trainee;
  }
  private constructor(command: string, words: readonly string[]) {
    const threads = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    this.#child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...threads } });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#child.stderr!.on('data', (text: Buffer) => {
      this.#said += text.toString();
    });
  }
  #said = '';

  async #answer(): Promise<A> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the process ended: ${this.#said.trim().split('\n').at(-1)}`);
    return JSON.parse(value) as A;
  }
  ask(order: Order): Promise<A> {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
    return this.#answer();
  }
  end(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }
}
