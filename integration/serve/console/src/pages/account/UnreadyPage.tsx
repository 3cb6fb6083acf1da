import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { sessionKey, useSigning } from '../../api/session';
import { Frame } from '../signin/Frame';
import { SecondFactor } from './SecondFactor';

// UnreadyPage is all that somebody sees whose roles ask for a second factor
// that their account does not have yet.
export function UnreadyPage() {
  const queries = useQueryClient();
  const { signOut } = useSigning();
  return (
    <Frame title="Set up a second factor" lead="Your roles ask for one: a password alone must not be enough to change the setup or to see passwords.">
      <SecondFactor onDone={() => void queries.invalidateQueries({ queryKey: sessionKey })} />
      <Button variant="text" size="small" sx={{ mt: 2, ml: -1.25 }} onClick={() => void signOut()}>
        Sign out
      </Button>
    </Frame>
  );
}
