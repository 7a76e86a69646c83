import type { NoticeKind } from "./notice-text.ts";

const signs: Readonly<Record<NoticeKind, string>> = {
  outbid: "M8 13.5v-9M4 8.2l4-4 4 4",
  closing: "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2M8 5v3.3l2.2 1.6",
  won: "M3 8.5 6.5 12 13 4.5",
  sold: "M2.5 7.5v-5h5l6 6-5 5zM5.3 5.3h0",
  mention: "M10.6 8a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0v.9a1.8 1.8 0 0 0 3.6 0V8a6.2 6.2 0 1 0-2.5 5",
  alert: "M8 2 15 14H1zM8 6.5v3.5M8 12h0",
};

/** The sign of a kind of notification; its word stands beside it. */
export function NoticeIcon({ kind }: { readonly kind: NoticeKind }) {
  return (
    <span className="notice-icon" data-kind={kind}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={signs[kind]} />
      </svg>
    </span>
  );
}
