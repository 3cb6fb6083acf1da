import Box from '@mui/material/Box';
import { useRead, useWrite } from '../../api/query';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToasts } from '../../ui/Toasts';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';
import { type Conflict, type Field, type Rule, type Take, rules, sides } from './words';

const typedAbove = 100;

interface Props {
  instance: string;
  field: Field;
  onClose: () => void;
  onDone: () => void;
}

// TakeAll takes one side's value for every open conflict of a field, after it
// has shown which those are.
export function TakeAll({ instance, field, take, open, onClose, onDone }: Props & { take: Take; open: boolean }) {
  const preview = useRead('conflicts.resolve', instance, { field: field.field, take, dryRun: true }, { enabled: open, staleTime: 0, gcTime: 0 });
  const resolve = useWrite('conflicts.resolve', instance);
  const { say } = useToasts();
  const items = preview.data?.items ?? [];
  return (
    <ConfirmDialog
      open={open}
      title={`Take ${sides[take]}'s ${field.title} for all?`}
      confirm={preview.data ? `Take ${sides[take]}'s for ${count(items.length, 'record')}` : 'Take'}
      typed={items.length > typedAbove ? 'take' : undefined}
      busy={resolve.isPending}
      blocked={!preview.data || items.length === 0}
      error={preview.error ?? resolve.error}
      onClose={onClose}
      onConfirm={() =>
        resolve.mutate({ field: field.field, take }, { onSuccess: (done) => {
          say(`${sides[take]}'s value is taken for ${count(done.items.length, 'record')}; the next cycle writes it.`);
          onDone();
        } })
      }
    >
      <Sample title={preview.data ? (items.length === 0 ? 'No conflict is open any more' : `${count(items.length, 'conflict')} of ${field.title} ${items.length === 1 ? 'is' : 'are'} settled so`) : 'Counting…'} items={items} take={take} />
      <Box sx={{ mt: 2 }}>It holds for the values that are shown now: where one changes before the next cycle, you are asked again.</Box>
    </ConfirmDialog>
  );
}

// SetRule makes a rule for a field, after it has shown what that settles.
export function SetRule({ instance, field, rule, open, onClose, onDone }: Props & { rule: Rule; open: boolean }) {
  const preview = useRead('conflicts.set-rule', instance, { field: field.field, rule, dryRun: true }, { enabled: open, staleTime: 0, gcTime: 0 });
  const set = useWrite('conflicts.set-rule', instance);
  const { say } = useToasts();
  const settles = preview.data?.settles ?? 0;
  return (
    <ConfirmDialog
      open={open}
      title={`${field.title}: ${rules[rule].title.toLowerCase().replace('it glue', 'IT Glue').replace('rev.io', 'Rev.io')} from now on?`}
      confirm="Make it the rule"
      typed={settles > typedAbove ? 'rule' : undefined}
      busy={set.isPending}
      blocked={!preview.data}
      error={preview.error ?? set.error}
      onClose={onClose}
      onConfirm={() =>
        set.mutate({ field: field.field, rule }, { onSuccess: () => {
          say(`${field.title}: ${rules[rule].title} from the next cycle on.`);
          onDone();
        } })
      }
    >
      <Sample
        title={!preview.data ? 'Counting…' : settles === 0 ? 'No open conflict is settled by it' : `${count(settles, 'open conflict')} of it ${settles === 1 ? 'is' : 'are'} settled by the next cycle`}
        items={preview.data?.sample ?? []}
        take={rule === 'itglue' || rule === 'revio' ? rule : undefined}
      />
      <Box sx={{ mt: 2 }}>
        Where both sides change {field.title}: {rules[rule].words.charAt(0).toLowerCase() + rules[rule].words.slice(1)} {preview.data && `Until now: ${rules[preview.data.was as Rule]?.title.toLowerCase() ?? preview.data.was}.`} You can change the rule at any time.
      </Box>
    </ConfirmDialog>
  );
}

const shown = 5;

function Sample({ title, items, take }: { title: string; items: readonly Conflict[]; take: Take | undefined }) {
  return (
    <Notice tone={items.length > 0 ? 'info' : 'quiet'} role="status" title={title}>
      {items.length > 0 && (
        <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.25 }}>
          {items.slice(0, shown).map((c) => (
            <li key={c.id}>
              <b>{c.record}</b>: {take ? `“${c[take]}” counts, not “${c[take === 'itglue' ? 'revio' : 'itglue']}”` : `“${c.itglue}” in IT Glue, “${c.revio}” in Rev.io`}
            </li>
          ))}
          {items.length > shown && <li>and {(items.length - shown).toLocaleString('en')} more</li>}
        </Box>
      )}
    </Notice>
  );
}
