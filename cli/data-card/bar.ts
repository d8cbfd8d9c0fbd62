/** A bar of eighths of block characters, filled up with blanks to its full width. A share above 0 shows at least a sliver. */
export function bar(share: number, width: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, share) * width * 8));
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] as string;
  return `${'█'.repeat(eighths >> 3)}${part}`.padEnd(width);
}
