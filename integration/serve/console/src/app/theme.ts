import { createTheme } from '@mui/material/styles';
import type {} from '@mui/material/themeCssVarsAugmentation';

declare module '@mui/material/styles' {
  interface TypeBackground {
    // Between the page and a card: table heads, code, the quiet side of a split.
    sunken: string;
  }
  interface Palette {
    // Tinted surfaces of the four tones, and the words on them.
    tone: Record<Tone, { surface: string; border: string; words: string }>;
  }
  interface PaletteOptions {
    tone?: Palette['tone'];
  }
}

// Tone is what a state means: never its only sign, words stand beside it.
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

const sans = '"Inter Variable", ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif';
export const mono = 'ui-monospace, "SFMono-Regular", "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, monospace';

const light = {
  palette: {
    primary: { main: '#0f6973', dark: '#0a515a', light: '#e3f1f2', contrastText: '#ffffff' },
    secondary: { main: '#43505e' },
    error: { main: '#b3261e' },
    warning: { main: '#8a5300' },
    success: { main: '#1a7148' },
    info: { main: '#24579e' },
    text: { primary: '#182026', secondary: '#54606c', disabled: '#8b95a0' },
    divider: '#e1e5e9',
    background: { default: '#f6f7f8', paper: '#ffffff', sunken: '#f1f3f5' },
    action: { hover: 'rgb(24 32 38 / 0.045)', selected: 'rgb(15 105 115 / 0.09)', active: '#54606c' },
    tone: {
      good: { surface: '#e6f4ec', border: '#bfe0cd', words: '#14573a' },
      warn: { surface: '#fdf1dc', border: '#f0d6a5', words: '#6f4300' },
      bad: { surface: '#fcebe9', border: '#f2c6c1', words: '#8c1d17' },
      info: { surface: '#e8f0fb', border: '#c5d8f3', words: '#1d4782' },
      quiet: { surface: '#eef1f3', border: '#dde2e6', words: '#46525e' },
    },
  },
};

const dark = {
  palette: {
    primary: { main: '#63c3cd', dark: '#8ed8df', light: '#17353a', contrastText: '#06252a' },
    secondary: { main: '#b4bfca' },
    error: { main: '#ff8f85' },
    warning: { main: '#f2b75b' },
    success: { main: '#6fcf9d' },
    info: { main: '#8fb8f2' },
    text: { primary: '#e8ecef', secondary: '#a4b0bb', disabled: '#6b7681' },
    divider: '#2b343c',
    background: { default: '#11161a', paper: '#181f24', sunken: '#141a1f' },
    action: { hover: 'rgb(232 236 239 / 0.06)', selected: 'rgb(99 195 205 / 0.16)', active: '#a4b0bb' },
    tone: {
      good: { surface: '#14301f', border: '#23513a', words: '#93dfb6' },
      warn: { surface: '#352710', border: '#5b441c', words: '#f5c87e' },
      bad: { surface: '#3b1a18', border: '#67302c', words: '#ffb0a8' },
      info: { surface: '#162a47', border: '#27466f', words: '#aecdf8' },
      quiet: { surface: '#222b32', border: '#323d46', words: '#b7c2cc' },
    },
  },
};

const ring = { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 2 };

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-theme' },
  colorSchemes: { light, dark },
  shape: { borderRadius: 8 },
  spacing: 8,
  typography: {
    fontFamily: sans,
    fontSize: 14,
    htmlFontSize: 16,
    h1: { fontSize: '1.5rem', lineHeight: 1.3, fontWeight: 640, letterSpacing: '-0.017em' },
    h2: { fontSize: '1.0625rem', lineHeight: 1.4, fontWeight: 620, letterSpacing: '-0.008em' },
    h3: { fontSize: '0.9375rem', lineHeight: 1.4, fontWeight: 600 },
    h4: { fontSize: '0.875rem', lineHeight: 1.4, fontWeight: 600 },
    h5: { fontSize: '0.875rem', lineHeight: 1.4, fontWeight: 600 },
    h6: { fontSize: '0.9375rem', lineHeight: 1.4, fontWeight: 600 },
    body1: { fontSize: '0.875rem', lineHeight: 1.55 },
    body2: { fontSize: '0.8125rem', lineHeight: 1.5 },
    caption: { fontSize: '0.75rem', lineHeight: 1.45 },
    subtitle1: { fontSize: '0.875rem', fontWeight: 600 },
    subtitle2: { fontSize: '0.8125rem', fontWeight: 600 },
    button: { fontSize: '0.875rem', fontWeight: 560, textTransform: 'none', letterSpacing: 0 },
  },
  transitions: { duration: { shortest: 90, shorter: 120, short: 140, standard: 160, complex: 200, enteringScreen: 160, leavingScreen: 120 } },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        ':root': { fontFeatureSettings: '"cv05", "ss03"' },
        body: { fontSize: '0.875rem', lineHeight: 1.55 },
        code: { fontFamily: mono, fontSize: '0.92em' },
        'a:not([class])': { color: 'var(--mui-palette-primary-main)', textUnderlineOffset: 3 },
        ':focus-visible': ring,
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': { animationDuration: '0.01ms !important', transitionDuration: '0.01ms !important', scrollBehavior: 'auto !important' },
        },
      },
    },
    MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: { '&.Mui-focusVisible': ring } } },
    MuiButton: {
      defaultProps: { disableElevation: true, variant: 'outlined', color: 'secondary' },
      styleOverrides: {
        root: { borderRadius: 8, minHeight: 36, paddingInline: 14, whiteSpace: 'nowrap' },
        sizeSmall: { minHeight: 30, paddingInline: 10, fontSize: '0.8125rem' },
        outlined: {
          borderColor: 'var(--mui-palette-divider)',
          background: 'var(--mui-palette-background-paper)',
          color: 'var(--mui-palette-text-primary)',
          '&:hover': { background: 'var(--mui-palette-background-sunken)', borderColor: 'var(--mui-palette-text-disabled)' },
          '&.Mui-disabled': { color: 'var(--mui-palette-text-disabled)' },
        },
        outlinedError: { color: 'var(--mui-palette-error-main)' },
        startIcon: { marginInlineStart: -2, '& svg': { fontSize: 18 } },
      },
    },
    MuiIconButton: { styleOverrides: { root: { borderRadius: 8 } } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiCard: {
      defaultProps: { variant: 'outlined' },
      styleOverrides: { root: { borderRadius: 12, borderColor: 'var(--mui-palette-divider)' } },
    },
    MuiDialog: { styleOverrides: { paper: { borderRadius: 14, border: '1px solid var(--mui-palette-divider)' } } },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1.0625rem', fontWeight: 620, padding: '20px 24px 4px' } } },
    MuiDialogContent: { styleOverrides: { root: { padding: '8px 24px 16px' } } },
    MuiDialogActions: { styleOverrides: { root: { padding: '12px 24px 20px', gap: 4 } } },
    MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiSelect: { defaultProps: { size: 'small' } },
    // Labels stand above their field, where they stay readable when it is filled.
    MuiInputLabel: {
      defaultProps: { shrink: true },
      styleOverrides: {
        root: {
          position: 'static',
          transform: 'none',
          maxWidth: 'none',
          overflow: 'visible',
          whiteSpace: 'normal',
          fontSize: '0.8125rem',
          fontWeight: 560,
          lineHeight: 1.4,
          marginBottom: 6,
          color: 'var(--mui-palette-text-primary)',
          pointerEvents: 'auto',
          '&.Mui-focused': { color: 'var(--mui-palette-text-primary)' },
        },
      },
    },
    // What is not needed says “optional”; the rest needs no star.
    MuiFormLabel: { styleOverrides: { asterisk: { display: 'none' } } },
    MuiOutlinedInput: {
      defaultProps: { notched: false },
      styleOverrides: {
        root: {
          borderRadius: 8,
          background: 'var(--mui-palette-background-paper)',
          '& .MuiOutlinedInput-notchedOutline': { borderColor: 'color-mix(in srgb, var(--mui-palette-text-secondary) 55%, transparent)' },
          '&.Mui-focused .MuiOutlinedInput-notchedOutline': { borderWidth: 2 },
        },
        notchedOutline: { top: 0, '& legend': { display: 'none' } },
        input: { paddingBlock: 8.5 },
      },
    },
    MuiFormHelperText: { styleOverrides: { root: { marginInline: 0, marginTop: 6, fontSize: '0.78125rem', lineHeight: 1.45 } } },
    MuiCheckbox: { defaultProps: { size: 'small' } },
    MuiRadio: { defaultProps: { size: 'small' } },
    MuiTabs: {
      styleOverrides: { root: { minHeight: 40 }, indicator: { height: 2, borderRadius: 2 } },
    },
    MuiTab: {
      styleOverrides: {
        root: { minHeight: 40, minWidth: 0, paddingInline: 12, fontWeight: 540, color: 'var(--mui-palette-text-secondary)', '&.Mui-selected': { color: 'var(--mui-palette-text-primary)' } },
      },
    },
    MuiTableCell: {
      styleOverrides: {
        root: { borderColor: 'var(--mui-palette-divider)', padding: '10px 16px', fontSize: '0.84375rem', lineHeight: 1.45 },
        head: { color: 'var(--mui-palette-text-secondary)', fontWeight: 540, fontSize: '0.78125rem', background: 'var(--mui-palette-background-sunken)', paddingBlock: 8 },
      },
    },
    MuiTableRow: { styleOverrides: { root: { '&:last-child > td, tbody > &:last-child > th': { borderBottom: 0 } } } },
    MuiTooltip: {
      defaultProps: { arrow: false, enterDelay: 350 },
      styleOverrides: { tooltip: { fontSize: '0.78125rem', padding: '6px 10px', background: '#202a31', color: '#f2f5f7', borderRadius: 6 } },
    },
    MuiMenu: { styleOverrides: { paper: { borderRadius: 10, border: '1px solid var(--mui-palette-divider)', boxShadow: '0 8px 28px rgb(10 20 28 / 0.14)' } } },
    MuiMenuItem: { styleOverrides: { root: { fontSize: '0.875rem', minHeight: 34, borderRadius: 6, marginInline: 6 } } },
    MuiLinearProgress: { styleOverrides: { root: { borderRadius: 4, height: 6 }, bar: { borderRadius: 4 } } },
    MuiSkeleton: { defaultProps: { animation: 'wave' }, styleOverrides: { root: { backgroundColor: 'color-mix(in srgb, var(--mui-palette-text-primary) 7%, transparent)' } } },
    MuiLink: { defaultProps: { underline: 'hover' } },
  },
});
