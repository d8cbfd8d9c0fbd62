/** The version of the package, as package.json has it (a test compares them). It is in run records, never in a key. */
export const version = '0.1.0';
