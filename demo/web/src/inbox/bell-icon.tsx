/** A bell. */
export function BellIcon() {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 1.8a4 4 0 0 0-4 4v2.7L2.7 11h10.6L12 8.5V5.8a4 4 0 0 0-4-4M6.4 13.2a1.7 1.7 0 0 0 3.2 0" />
    </svg>
  );
}
