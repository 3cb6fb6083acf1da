export interface Line {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

// lineDifference sets two texts beside each other, line by line: which lines
// went, which came, and which stayed.
export function lineDifference(before: string, after: string): Line[] {
  const a = before.replace(/\n$/, '').split('\n');
  const b = after.replace(/\n$/, '').split('\n');
  // longest[i][j]: how many lines a from i and b from j have in common, in order.
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i++]! });
      j++;
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      lines.push({ kind: 'gone', text: a[i++]! });
    } else {
      lines.push({ kind: 'new', text: b[j++]! });
    }
  }
  return lines;
}

// around keeps the lines that changed with a few on each side; null stands for
// those left out.
export function around(lines: readonly Line[], many = 2): (Line | null)[] {
  const near = (i: number) => lines.slice(Math.max(0, i - many), i + many + 1).some((l) => l.kind !== 'same');
  const kept: (Line | null)[] = [];
  lines.forEach((l, i) => {
    if (near(i)) kept.push(l);
    else if (kept[kept.length - 1] !== null) kept.push(null);
  });
  return kept;
}

// nameIn is the name of the instance that a file is of.
export function nameIn(document: string): string {
  return /^"?name"?:\s*["']?([^"'\s#,]+)/m.exec(document)?.[1] ?? '';
}
