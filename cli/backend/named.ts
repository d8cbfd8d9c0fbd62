import { Problem } from '../../core/errors.ts';

/** @throws Problem unknown-name for anything but the one backend that can be installed */
export function checkBackend(name: string): 'tensorflow' {
  if (name === 'tensorflow') return name;
  throw new Problem('unknown-name', `there is no backend '${name}' to install or remove`, {
    hint: 'there is `tensorflow`, the native library; `wasm` is always there',
  });
}
