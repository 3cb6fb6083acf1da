import type { Item } from '../../api/types';

export type Password = Item<'passwords.list'>;
export type Reveal = Item<'passwords.my-reveals'>;

// How long a value stays on the screen, and on the clipboard where the browser
// lets a page empty it.
export const shownFor = 30_000;

// Why a value is needed, in the words that most reasons have. "Another reason"
// is written out.
export const presets = ['Sign in to fix a problem', 'Set up or move a device', 'Check or change this password', 'Somebody is locked out', 'Emergency'] as const;
export const another = 'Another reason';

// reasonOf puts a reason together as the audit log keeps it; "" while too little
// is said.
export function reasonOf(preset: string, text: string, ticket: string): string {
  const words = text.trim().replace(/\s+/g, ' ');
  const number = ticket.trim();
  if (preset === '' || (preset === another && words.length < 5)) return '';
  const why = preset === another ? words : words ? `${preset}: ${words}` : preset;
  return (number ? `${why} (ticket ${number})` : why).slice(0, 500);
}

export type Kind = 'letter' | 'digit' | 'sign' | 'space';

// kindOf tells what a character is, so that 0 and O, 1 and l are told apart.
export function kindOf(character: string): Kind {
  if (/^\s$/u.test(character)) return 'space';
  if (/^\p{Nd}$/u.test(character)) return 'digit';
  return /^\p{L}$/u.test(character) ? 'letter' : 'sign';
}

const alphabet = 'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu'.split(' ');
const digits = 'zero one two three four five six seven eight nine'.split(' ');
const signs: Record<string, string> = {
  ' ': 'space', '\t': 'tab', '\n': 'new line', '.': 'full stop', ',': 'comma', ':': 'colon', ';': 'semicolon', '!': 'exclamation mark', '?': 'question mark',
  '-': 'hyphen', '_': 'underscore', '+': 'plus', '=': 'equals', '*': 'asterisk', '/': 'slash', '\\': 'backslash', '|': 'vertical bar', '#': 'hash',
  '@': 'at', '&': 'ampersand', '%': 'percent', '$': 'dollar', '^': 'caret', '~': 'tilde', '`': 'backtick', "'": 'apostrophe', '"': 'quotation mark',
  '(': 'open bracket', ')': 'close bracket', '[': 'open square bracket', ']': 'close square bracket', '{': 'open brace', '}': 'close brace', '<': 'less than', '>': 'greater than', '€': 'euro', '£': 'pound',
};

// spelling says a value aloud, one word a character: letters by the NATO
// alphabet, capital ones in capitals.
export function spelling(value: string): { character: string; word: string }[] {
  return Array.from(value).map((character) => {
    const code = character.toLowerCase().charCodeAt(0) - 97;
    if (/^[a-z]$/i.test(character)) {
      const word = alphabet[code]!;
      return { character, word: character === character.toUpperCase() ? `capital ${word.toUpperCase()}` : word.toLowerCase() };
    }
    if (/^[0-9]$/.test(character)) return { character, word: digits[Number(character)]! };
    return { character, word: signs[character] ?? character };
  });
}

// Titles say why a value was not shown, before the runner's own words do.
export function refusalOf(code: string): string {
  switch (code) {
    case 'step-up':
      return 'You did not confirm that it is you';
    case 'rate-limited':
      return 'Too many passwords in a short time';
    case 'not-found':
      return 'This password is gone';
    case 'conflict':
      return 'It is another password now';
    case 'unauthorized':
      return 'IT Glue refuses the API key';
    case 'forbidden':
      return 'It may not be shown';
    case 'unavailable':
      return 'IT Glue does not answer';
    case 'offline':
      return 'The runner cannot be reached';
    default:
      return 'It was not shown';
  }
}
