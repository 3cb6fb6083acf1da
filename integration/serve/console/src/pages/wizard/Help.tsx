import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

// helps is what is said about a field while it has the focus, by the last part
// of its pointer.
const helps: Record<string, { title: string; text: ReactNode }> = {
  tenant: { title: 'Rev.io site', text: 'The address at which you sign in to Rev.io PSA, without https://. Every call names it, so that one set of credentials cannot reach another company.' },
  clientId: { title: 'Client ID', text: 'Your Rev.io account team gives you a Client ID and a Client Secret for integrations. They belong together.' },
  clientSecret: { title: 'Client Secret', text: 'It is sealed when it is stored and never shown again. ${env:NAME} or ${file:/path} reads it at each use instead, and stores only that reference.' },
  production: { title: 'Production Mode', text: 'Leave it on unless your account team tells you otherwise. Off, everything is planned and matched, and nothing is written to either side.' },
  region: { title: 'IT Glue Region', text: 'Where your account lives. A key works in its own region only. If you are not sure, test: the right one is found and offered.' },
  apiKey: { title: 'API Key', text: 'In IT Glue: Account > Settings > API Keys. Tick “Password Access”: it is needed to list passwords, and to create records in IT Glue.' },
  testPasswordId: { title: 'Test password', text: 'Optional. Asking for a password’s value leaves a trace in IT Glue, so that no real one is asked for. Make one for testing and give its id: the number at the end of its address.' },
};

// The help of a page, while none of its fields has the focus.
const ofPage: { title: string; text: ReactNode }[] = [
  { title: 'How this works', text: 'Four pages, about five minutes. Each answer is saved as you go: leave any time and come back. Nothing is written to either system by the wizard.' },
  { title: 'Connections', text: 'Enter both sets of credentials, then test. Each check says what it found and what to do.' },
  { title: 'What is invisible', text: 'A type that is not selected is not read: neither its assets nor the passwords attached to them. You can change the selection at any time.' },
  { title: 'Traits and fields', text: 'A mapping remembers the trait itself, not its name. A trait that is renamed in IT Glue goes on working; one that is deleted stops that field only, and you are told.' },
  { title: 'What is created', text: 'Assets that match by serial number are linked, never made twice. Only what has no match is created, as the type chosen here.' },
];

// Help stands beside the form. On narrow screens the fields' own words do.
export function Help({ at, field }: { at: number; field: string }) {
  const help = helps[field] ?? ofPage[at];
  if (!help) return null;
  return (
    <Box component="aside" aria-label="Help" sx={{ position: 'sticky', top: 76, borderLeft: '2px solid', borderColor: 'divider', pl: 2 }}>
      <Typography variant="h4" component="h2" sx={{ mb: 0.5 }}>
        {help.title}
      </Typography>
      <Typography variant="body2" color="text.secondary">
        {help.text}
      </Typography>
    </Box>
  );
}

// fieldOf finds which field an element belongs to, by the ids that JSON Forms
// gives: "#/properties/itglue/properties/apiKey-input".
export function fieldOf(target: EventTarget): string {
  let e = typeof Element !== 'undefined' && target instanceof Element ? target : null;
  for (; e; e = e.parentElement) {
    const name = /properties\/(\w+)(?:\d+)?(?:-input)?$/.exec(e.id)?.[1];
    if (name) return name;
  }
  return '';
}
