import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { Suspense, lazy, useMemo } from 'react';
import type { Finding } from '../../api/problem';
import { Notice } from '../../ui/tone';
import type { useForm } from './useForm';

// JSON Forms is the heaviest part of the console: it is loaded with the first
// form.
const forms = () => import('./form/Form');
const Form = lazy(() => forms().then((m) => ({ default: m.Form })));

// loadForms fetches it while "Before you begin" is read.
export const loadForms = () => void forms();

interface Props {
  form: ReturnType<typeof useForm>;
  findings: Finding[];
  onChange: (data: unknown) => void;
}

// StepForm shows a page's notes and its form.
export function StepForm({ form, findings, onChange }: Props) {
  const page = form.form;
  const all = useMemo(() => [...(page?.errors ?? []), ...findings.filter((f) => f.pointer)], [page?.errors, findings]);
  if (!page) return <Waiting />;
  return (
    <Box sx={{ mb: 2.5 }}>
      {page.notes?.length === 1 && <Box sx={{ mb: 2, color: 'text.secondary' }}>{page.notes[0]}</Box>}
      {(page.notes?.length ?? 0) > 1 && (
        <Box component="ul" sx={{ m: 0, mb: 2, pl: 2.25, color: 'text.secondary', display: 'grid', gap: 0.25 }}>
          {page.notes?.map((n) => (
            <li key={n}>{n}</li>
          ))}
        </Box>
      )}
      {(page.errors?.length ?? 0) > 0 && (
        <Box sx={{ mb: 2 }}>
          <Notice tone="bad" role="alert" title="Something that was chosen before no longer fits">
            <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
              {page.errors?.map((e) => (
                <li key={e.pointer + e.message}>{e.message}</li>
              ))}
            </Box>
          </Notice>
        </Box>
      )}
      <Suspense fallback={<Waiting />}>
        <Form schema={page.schema} uiSchema={page.uiSchema} key={form.generation} initial={form.initial} findings={all} readOnly={false} onChange={onChange} />
      </Suspense>
    </Box>
  );
}

function Waiting() {
  return (
    <Box role="status" aria-label="Loading the form" sx={{ display: 'grid', gap: 2, mb: 2.5 }}>
      <Skeleton variant="rounded" height={200} />
      <Skeleton variant="rounded" height={160} />
    </Box>
  );
}
