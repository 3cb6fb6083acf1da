import { createContext, useContext } from 'react';

interface Wizard {
  instance: string;
  // The answers of every page: those that are stored, with the open page's over
  // them.
  answers: Record<string, unknown>;
  secrets: { pointer: string; kind: string; ends?: string }[];
  // The page that is open.
  page: string;
}

export const WizardContext = createContext<Wizard>({ instance: '', answers: {}, secrets: [], page: '' });

// useWizard is what the renderers know besides their own value.
export const useWizard = () => useContext(WizardContext);
