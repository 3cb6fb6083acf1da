import SearchRounded from '@mui/icons-material/SearchRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { Mark } from '../../app/Mark';
import { useInstances } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { Page } from '../../ui/Page';
import { Tag } from '../../ui/tone';
import { count } from '../../ui/words';
import { NewInstance } from './NewInstance';

const integration = {
  name: 'IT Glue Integration',
  line: 'Keeps IT Glue’s organizations, flexible assets and password list in step with Rev.io’s customers and assets.',
  facts: ['Links are suggested, and nothing moves before you accept them', 'Both ways, field by field, with a reason for all that does not move', 'No password value is ever stored, and nothing is ever deleted'],
};

const states = {
  available: { tone: 'quiet', words: 'Available' },
  draft: { tone: 'info', words: 'Setup not finished' },
  configured: { tone: 'good', words: 'Configured' },
  'needs-attention': { tone: 'warn', words: 'Needs attention' },
} as const;

// MarketplacePage offers the integrations that this runner has.
export function MarketplacePage() {
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const instances = useInstances().data?.items ?? [];
  const may = useCan('*', 'configure');
  const shown = `${integration.name} ${integration.line}`.toLowerCase().includes(search.trim().toLowerCase());
  const offers = useRead('marketplace.list', null, {});
  const offer = offers.data?.items[0];
  const state = states[offer?.status ?? 'available'];
  return (
    <Page title="Marketplace" lead="What can be connected with Rev.io from here.">
      <TextField type="search" placeholder="Search the marketplace" value={search} onChange={(e) => setSearch(e.target.value)} sx={{ maxWidth: 360, mb: 2.5 }} slotProps={{ htmlInput: { 'aria-label': 'Search the marketplace' }, input: { startAdornment: <InputAdornment position="start"><SearchRounded fontSize="small" /></InputAdornment> } }} />
      {!shown ? (
        <EmptyState icon={<SearchRounded />} title="Nothing is called that" action={<Button onClick={() => setSearch('')}>Show all</Button>} />
      ) : (
        <Card sx={{ maxWidth: 720, p: { xs: 2.5, sm: 3 } }}>
          <Box sx={{ display: 'flex', gap: 2, alignItems: 'flex-start' }}>
            <Mark size={44} />
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, rowGap: 0.5, alignItems: 'center' }}>
                <Typography variant="h2">{integration.name}</Typography>
                <Tag tone={state.tone}>{state.words}</Tag>
              </Box>
              <Typography color="text.secondary" sx={{ mt: 0.5 }}>
                {offer?.description ?? integration.line}
              </Typography>
              <Box component="ul" sx={{ m: 0, mt: 1.5, pl: 2.25, display: 'grid', gap: 0.5 }}>
                {integration.facts.map((f) => (
                  <li key={f}>{f}</li>
                ))}
              </Box>
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 2.5 }}>
                <Button variant="contained" color="primary" disabled={!may} onClick={() => setAdding(true)}>
                  {instances.length === 0 ? 'Configure' : 'Configure another'}
                </Button>
                {instances.length > 0 && (
                  <Button component={Link} to="/instances">
                    {count(instances.length, 'instance')}
                  </Button>
                )}
              </Box>
              {!may && (
                <Typography variant="body2" color="text.secondary" sx={{ mt: 1 }}>
                  To configure it needs the role installer for all instances.
                </Typography>
              )}
            </Box>
          </Box>
        </Card>
      )}
      <NewInstance open={adding} onClose={() => setAdding(false)} taken={instances.map((i) => i.name)} />
    </Page>
  );
}
