/** One file over HTTP or HTTPS, onto the disk as it comes. Node's own fetch follows redirects and speaks TLS. */
import { open } from 'node:fs/promises';
import { Problem } from '../../core/errors.ts';
import { sizeText } from '../sizes.ts';

export interface DownloadOptions {
  /** Where to write; must not be there yet. */
  readonly into: string;
  /** A longer body is broken off. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
  /** So long nothing may come before the download is given up; a minute unless given. */
  readonly stallMs?: number;
  /** `total` is undefined where the server does not say. */
  readonly progress?: (done: number, total: number | undefined) => void;
}

/**
 * Returns the number of bytes. What a failure left in `into` is the caller's to remove.
 * @throws Problem missing-data when the server cannot be reached, refuses, stalls or breaks off; bad-data for a body that is
 * too long; cancelled when the signal fires. Errors of the disk come as they are.
 */
export async function download(url: string, options: DownloadOptions): Promise<number> {
  checkAddress(url);
  const { into, mostBytes, signal, progress, stallMs = 60_000 } = options;
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stallMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stallMs);
  };
  let received = 0;
  let total: number | undefined;
  const broken = (error: unknown): Problem => {
    if (signal?.aborted) return new Problem('cancelled', 'the download was stopped', { where: url });
    if (stalled.signal.aborted)
      return failed(url, `nothing came for ${stallMs / 1000} s${after(received, total)}`, 'try again later', error);
    if (received > 0) return failed(url, `the download broke off${after(received, total)}`, 'run it again', error);
    return failed(url, `the server cannot be reached: ${reasonOf(error)}`, mirrorHint, error);
  };
  try {
    const response = await fetch(url, {
      headers: { 'accept-encoding': 'identity', 'user-agent': 'counterpoise' },
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    }).catch((error) => {
      throw broken(error);
    });
    total = lengthOf(response);
    checkAnswer(response, url, total, mostBytes);
    const file = await open(into, 'wx');
    try {
      for await (const chunk of chunks(response, broken)) {
        alive();
        received += chunk.byteLength;
        if (received > mostBytes) throw tooLong(url, received, mostBytes);
        await file.writeFile(chunk);
        progress?.(received, total);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (total !== undefined && received !== total) throw broken(undefined);
    return received;
  } finally {
    clearTimeout(timer);
    stalled.abort(); // closes the connection of an answer that was not read to its end
  }
}

/** Only the network's errors are put into words here; those of the disk pass through. */
async function* chunks(response: Response, broken: (error: unknown) => Problem): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  for (;;) {
    const next = await reader.read().catch((error) => {
      throw broken(error);
    });
    if (next.done) return;
    yield next.value;
  }
}

/** @throws Problem usage for anything but http and https */
export function checkAddress(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new Problem('usage', `'${url}' is not an address of the web`, {
    hint: 'only http:// and https:// addresses are fetched',
  });
}

function checkAnswer(response: Response, url: string, total: number | undefined, mostBytes: number): void {
  if (!response.ok) {
    const gone = response.status === 404 || response.status === 410;
    throw failed(
      url,
      `the server answered ${response.status}${response.statusText === '' ? '' : ` ${response.statusText}`}`,
      gone ? `the file has moved; ${mirrorHint}` : `try again later, or ${mirrorHint}`,
    );
  }
  checkAddress(response.url || url);
  if (total !== undefined && total > mostBytes) throw tooLong(url, total, mostBytes);
}

/** A length counts coded bytes, so it says nothing where a server codes all the same. */
function lengthOf({ headers }: Response): number | undefined {
  const given = Number(headers.get('content-length') ?? Number.NaN);
  return headers.has('content-encoding') || !Number.isSafeInteger(given) ? undefined : given;
}

const mirrorHint =
  '`counterpoise data list` names the official page; --from URL fetches from a mirror, and files that you put into the data folder by hand are used as they are';

const failed = (url: string, message: string, hint: string, cause?: unknown) =>
  new Problem('missing-data', message, { where: url, hint, ...(cause !== undefined && { cause }) });

const tooLong = (url: string, bytes: number, most: number) =>
  new Problem('bad-data', `the download has ${sizeText(bytes)} or more, and at most ${sizeText(most)} are expected`, {
    where: url,
    hint: 'this is not the archive that the catalogue knows; look at the address',
  });

const after = (received: number, total: number | undefined) =>
  ` after ${sizeText(received)}${total === undefined ? '' : ` of ${sizeText(total)}`}`;

/** fetch says 'fetch failed' and hides why in the cause; several addresses of a host give a list of causes. */
function reasonOf(error: unknown): string {
  const { cause, message } = (error ?? {}) as { cause?: unknown; message?: string };
  const inner = (cause as { errors?: readonly unknown[] } | undefined)?.errors?.[0] ?? cause;
  const { code, message: why } = (inner ?? {}) as { code?: string; message?: string };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `its name is not known here (${code}); is there a network?`;
  return why || code || message || 'no reason given';
}
