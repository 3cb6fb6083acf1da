import type { Tone } from '../../app/theme';

const states: Record<string, { tone: Tone; words: string }> = {
  draft: { tone: 'info', words: 'Setup not finished' },
  active: { tone: 'good', words: 'Active' },
  paused: { tone: 'warn', words: 'Paused' },
  removed: { tone: 'quiet', words: 'Removed' },
};

// stateOf says an instance's status in words.
export function stateOf(status: string): { tone: Tone; words: string } {
  return states[status] ?? { tone: 'quiet', words: status };
}
