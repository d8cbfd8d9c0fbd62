/** The plain choices of a metric definition, in its own order. */
export const presetDoc = (definition: object): string =>
  Object.entries(definition)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
