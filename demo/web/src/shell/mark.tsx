/** Three bids, the middle one short: the sign of the house. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 21V11m8 14V7m8 11v-4" />
    </svg>
  );
}
