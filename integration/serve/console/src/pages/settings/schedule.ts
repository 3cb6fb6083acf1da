// span reads a duration as the runner writes it, such as "1h30m0s", in
// milliseconds; 0 when it is none.
export function span(words: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map((p) => p[0]).join('') !== words) return 0;
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
}

// everyWords says how often something happens: "each hour", "every 15 minutes".
export function everyWords(ms: number): string {
  const plain: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [length, name] of plain) {
    if (ms >= length && ms % length === 0) return ms === length ? `each ${name}` : `every ${ms / length} ${name}s`;
  }
  return 'at times of its own';
}

// nextTimes are the next instants of a schedule, from the next one on.
export function nextTimes(next: string | undefined, every: number, many = 3): Date[] {
  const from = next ? Date.parse(next) : NaN;
  if (Number.isNaN(from) || every <= 0) return [];
  return Array.from({ length: many }, (_, i) => new Date(from + i * every));
}
