// The runner's words name what to do by its command, such as `links accept --id
// 7`, as they are the same on the command line. Here a person does it with a
// button of a page.
interface Deed {
  // What it is called here; quoted where it is a button.
  words: string;
  // The page below the instance where it is done; none where that differs.
  page?: (id: string) => string;
}

const at = (page: string) => () => page;
const asset = (id: string) => (id ? `/assets/${encodeURIComponent(id)}` : '');

const deeds: Record<string, Deed> = {
  'assets create': { words: '“Make it in Rev.io”' },
  'assets ignore': { words: '“Ignore it”' },
  'assets link': { words: '“It is this one”', page: asset },
  'assets list': { words: 'the assets', page: at('/assets') },
  'conflicts list': { words: 'the conflicts', page: at('/conflicts') },
  create: { words: '“Make it in Rev.io”' },
  doctor: { words: '“Test the connections”', page: at('/setup/1') },
  ignore: { words: '“Ignore it”' },
  'instance apply': { words: '“New instance”' },
  'instance resume': { words: '“Go on”', page: at('/') },
  'links accept': { words: '“Accept”', page: at('/links') },
  'links list': { words: 'the links', page: at('/links') },
  'links reassign': { words: '“Another customer”', page: at('/links') },
  'passwords list': { words: 'the passwords', page: at('/passwords') },
  'plan apply': { words: '“Apply”', page: at('/plans') },
  'plan create': { words: '“Make a plan”', page: at('/plans') },
  'plan list': { words: 'the plans', page: at('/plans') },
  'runs list': { words: 'the runs', page: at('/runs') },
  'runs show': { words: 'the run', page: (id) => (id ? `/runs/${encodeURIComponent(id)}` : '/runs') },
  schema: { words: 'the documentation' },
  'sessions list': { words: 'the sessions' },
  'sync customer': { words: '“Sync” of the customer', page: at('/customers') },
  'sync cycle': { words: '“Sync now”', page: at('/') },
  'tokens list': { words: 'the API tokens' },
};

export interface Piece {
  text: string;
  // Where it leads, below the instance.
  page?: string;
}

// deedOf finds what a command is called here, by its first two words or its
// first one.
export function deedOf(command: string): Deed | undefined {
  const [first = '', second = ''] = command.trim().split(/\s+/);
  return deeds[`${first} ${second}`] ?? deeds[first];
}

// pieces cuts the runner's words into words and ways: a command becomes what it
// is called here. What stands in backquotes and is no command loses them.
export function pieces(words: string): Piece[] {
  return words.split(/`([^`]+)`/).flatMap((text, i) => {
    if (i % 2 === 0) return text ? [{ text }] : [];
    const deed = deedOf(text);
    const page = deed?.page?.(/--id (\S+)/.exec(text)?.[1] ?? '');
    return [{ text: deed?.words ?? text, ...(page ? { page } : {}) }];
  });
}

// plain is the runner's words without commands.
export function plain(words: string): string {
  return words.includes('`') ? pieces(words).map((p) => p.text).join('') : words;
}
