import Link from '@mui/material/Link';
import { Link as RouteLink } from 'react-router';
import { finished } from '../api/problem';
import { pieces } from '../app/commands';
import { useInstance } from '../app/instance';

// Said gives the runner's words as a sentence: where they name a command, a way
// to the page that does it.
export function Said({ children }: { children: string }) {
  const instance = useInstance();
  return pieces(finished(children)).map((p, i) =>
    p.page && instance ? (
      <Link key={i} component={RouteLink} to={`/instances/${encodeURIComponent(instance)}${p.page === '/' ? '' : p.page}`} color="inherit" underline="always">
        {p.text}
      </Link>
    ) : (
      <span key={i}>{p.text}</span>
    ),
  );
}
