/** One text for one value: sorted keys, no white space, undefined keys left out. Numbers as JavaScript prints them. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
    throw new TypeError(`${value} cannot be written as JSON`);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const fields = value as Readonly<Record<string, unknown>>;
    const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
    return `{${names
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`)
      .join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} cannot be written as JSON`);
}
