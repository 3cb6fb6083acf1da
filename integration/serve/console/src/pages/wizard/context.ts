import { createContext, useContext } from 'react';

interface Wizard {
  instance: string;
  // The answers of every page: those that are stored, with the open page's over
  // them.
  answers: Record<string, unknown>;
  secrets: { pointer: string; kind: string; ends?: string }[];
  // Secrets as they were when they were last stored, by pointer: a field that
  // still holds one forgets it.
  stored: Record<string, string>;
  // The page that is open.
  page: string;
}

export const WizardContext = createContext<Wizard>({ instance: '', answers: {}, secrets: [], stored: {}, page: '' });

// useWizard is what the renderers know besides their own value.
export const useWizard = () => useContext(WizardContext);
