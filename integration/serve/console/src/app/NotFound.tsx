import SearchOffRounded from '@mui/icons-material/SearchOffRounded';
import Button from '@mui/material/Button';
import { Link } from 'react-router';
import { EmptyState } from '../ui/EmptyState';
import { Page } from '../ui/Page';

// NotFound is the same for what does not exist and for what this person may not
// see.
export function NotFound() {
  return (
    <Page title="Nothing here">
      <EmptyState
        icon={<SearchOffRounded />}
        title="This address leads to nothing"
        action={
          <Button component={Link} to="/instances" variant="contained" color="primary">
            Go to the instances
          </Button>
        }
      >
        It may have been mistyped, removed, or belong to an instance that you cannot see.
      </EmptyState>
    </Page>
  );
}
