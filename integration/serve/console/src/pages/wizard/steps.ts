import type { Output } from '../../api/types';

// Setup is the configuration of an instance as the wizard goes on with it.
export type Setup = Output<'instance.show'>;

export interface Step {
  // The name that the page's answers are stored under.
  page: 'connections' | 'assetTypes' | 'fields' | 'types';
  title: string;
  lead: string;
}

// steps are the wizard's four pages, by the help article's titles.
export const steps: Step[] = [
  { page: 'connections', title: 'Connections', lead: 'How to reach both systems. Secrets are sealed when they are stored, and never shown again.' },
  { page: 'assetTypes', title: 'Select Flexible Asset Types', lead: 'Which IT Glue types to sync. A type that is not selected is invisible to the integration, with all of its passwords.' },
  { page: 'fields', title: 'Map Asset Fields', lead: 'Which IT Glue trait goes to which Rev.io field. What you leave unmapped is skipped.' },
  { page: 'types', title: 'Map Asset Types', lead: 'Which Rev.io asset type is used when an asset is created there.' },
];

// stepOf reads the step of an address: 0 is "Before you begin".
export function stepOf(param: string | undefined): number {
  const n = Number(param ?? '0');
  return Number.isInteger(n) && n >= 0 && n <= steps.length ? n : 0;
}
