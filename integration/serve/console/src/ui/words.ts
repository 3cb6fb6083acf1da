const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

// ago says how long before now an instant was, or how long after.
export function ago(at: string | number | Date, now: number = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second');
}

// moment is an instant in full, in the reader's zone.
export function moment(at: string | number | Date): string {
  return exact.format(new Date(at));
}

// took says how long something ran: "840 ms", "3.2 s", "4 min 10 s".
export function took(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// clock is a span as mm:ss, or h:mm:ss.
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return h > 0 ? `${h}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

// count is a number with its noun: "1 link", "1,200 links".
export function count(n: number, one: string, many: string = one + 's'): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

// percent is a share from 0 to 1 in whole percent; it is 100 % or 0 % only when
// nothing is left or nothing is there.
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share > 0.99 && share < 1) return '99 %';
  return `${Math.round(share * 100)} %`;
}

// initialCap gives a name of programs to people: "match-organizations" is
// "Match organizations".
export function initialCap(name: string): string {
  const words = name.replace(/^sync\./, '').replace(/[-_.]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
