// Usage: node peers.mjs exact|fuzzball|fuse LEFT RIGHT
// Compares every name of LEFT with every name of RIGHT, as the documentation of
// each library shows it, and prints left, right and score of the five best.
import { readFileSync } from "node:fs";

const [which, leftFile, rightFile] = process.argv.slice(2);
const read = (file) =>
  readFileSync(file, "utf8").trimEnd().split("\n").slice(1).map((line) => line.split("\t")).map(([id, name]) => ({ id, name }));
const left = read(leftFile);
const right = read(rightFile);

const matchers = {
  async exact() {
    const same = (name) => name.trim().toLowerCase();
    return (l) => right.filter((r) => same(r.name) === same(l.name)).map((r) => ({ id: r.id, score: 1 }));
  },
  async fuzzball() {
    const fuzz = await import("fuzzball");
    const ready = right.map((r) => fuzz.full_process(r.name));
    return (l) => {
      const name = fuzz.full_process(l.name);
      return right.map((r, i) => ({ id: r.id, score: fuzz.WRatio(name, ready[i], { full_process: false }) / 100 }));
    };
  },
  async fuse() {
    const { default: Fuse } = await import("fuse.js");
    const fuse = new Fuse(right, { keys: ["name"], includeScore: true, ignoreLocation: true, threshold: 0.6 });
    return (l) => fuse.search(l.name.slice(0, 32), { limit: 5 }).map((f) => ({ id: f.item.id, score: 1 - f.score }));
  },
};

const candidates = await matchers[which]();
for (const l of left) {
  const best = candidates(l).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, 5);
  for (const b of best) console.log(`${l.id}\t${b.id}\t${b.score}`);
}
