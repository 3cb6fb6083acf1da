// Mark is the sign of the integration: two arrows, one each way.
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden>
      <rect width="32" height="32" rx="8" fill="#0f6973" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M9 12h12l-3.5-3.5" />
        <path d="M23 20H11l3.5 3.5" />
      </g>
    </svg>
  );
}
