/** Our own line icons on a 20 px grid; decoration only, so every button still has its words. */

const PATHS = {
  inbox: "M3 11l2-6.5h10L17 11v5H3z M3 11h4l1 2h4l1-2h4",
  people: "M7.5 9a2.75 2.75 0 1 0 0-5.5a2.75 2.75 0 0 0 0 5.5z M2.5 16.5c0-3 2-4.700 5-4.700s5 1.700 5 4.700 M13 4a2.5 2.5 0 0 1 0 4.800 M14.5 12c2 .5 3 2 3 4.5",
  twins: "M7.5 8.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5z M12.5 8.5a2.5 2.5 0 1 0 0-5 M3 16c0-3 1.800-4.500 4.500-4.500s4.500 1.500 4.500 4.500 M13 11.500c2.500 0 4 1.500 4 4.500",
  merge: "M4.5 3v3.5c0 4 5.500 3 5.500 7v4 M15.5 3v3.5c0 4-5.500 3-5.500 7 M7.5 15l2.500 2.500 2.500-2.500",
  transcript: "M5 2.5h7l3.5 3.5v11.5h-10.5z M7.5 9h5 M7.5 12h5 M7.5 15h3",
  chart: "M3 17h14 M5.5 14v-4 M10 14v-9 M14.5 14v-6.5",
  search: "M9 15a6 6 0 1 0 0-12a6 6 0 0 0 0 12z M13.5 13.5l4 4",
  bot: "M5 7.5h10a1.5 1.5 0 0 1 1.5 1.5v5.5a1.5 1.5 0 0 1-1.5 1.5h-10a1.5 1.5 0 0 1-1.5-1.5v-5.5a1.5 1.5 0 0 1 1.5-1.5z M10 7.5v-3.5 M8.5 4h3 M7.5 11v1 M12.5 11v1",
  hand: "M4 10.5l3.5-6 M3 12l4 4.5h6l4-6-3-2-2 2.5h-5",
  check: "M4 10.5l4 4 8-9",
  verified: "M10 2.5l6 2.5v4.5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8v-4.5z M7 10l2.200 2.200 4-4.5",
  unverified: "M10 2.5l6 2.5v4.5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8v-4.5z M10 7v3.5 M10 13v.2",
  back: "M12.5 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  up: "M5 12l5-5 5 5",
  right: "M8 5l5 5-5 5",
  close: "M5 5l10 10 M15 5l-10 10",
  lock: "M5 9h10v8h-10z M7 9v-2.5a3 3 0 0 1 6 0v2.5",
  send: "M3 10l14-6.5-4.5 13.5-3-5.5z M9.5 11.5l3.5-4",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15a7.5 7.5 0 0 0 0 15z M10 6v4.200l2.800 1.600",
  person: "M10 9.5a3 3 0 1 0 0-6a3 3 0 0 0 0 6z M4 17c0-3.200 2.300-5 6-5s6 1.800 6 5",
  reopen: "M4 10a6 6 0 1 1 2 4.5 M4 16v-4h4",
  happy: "M10 17a7 7 0 1 0 0-14a7 7 0 0 0 0 14z M7.5 8v.6 M12.5 8v.6 M7 11.5c1.5 2 4.5 2 6 0",
  calm: "M10 17a7 7 0 1 0 0-14a7 7 0 0 0 0 14z M7.5 8v.6 M12.5 8v.6 M7.5 12.300h5",
  sad: "M10 17a7 7 0 1 0 0-14a7 7 0 0 0 0 14z M7.5 8v.6 M12.5 8v.6 M7 13.200c1.5-1.800 4.5-1.800 6 0",
  angry: "M10 17a7 7 0 1 0 0-14a7 7 0 0 0 0 14z M6.5 7.200l2 1 M13.5 7.200l-2 1 M7 13.5c1.5-2 4.5-2 6 0",
  warning: "M10 3l7.5 13.5h-15z M10 8v4 M10 14v.2",
  file: "M5 2.5h7l3.5 3.5v11.5h-10.5z M12 2.5v3.5h3.5",
  keyboard: "M2.5 5.5h15v9h-15z M5.5 8.5h.2 M8.5 8.5h.2 M11.5 8.5h.2 M14.5 8.5h.2 M6.5 11.800h7",
  more: "M4.5 10h.2 M10 10h.2 M15.5 10h.2",
  ticket: "M3 5.500h14v3a1.500 1.500 0 0 0 0 3v3h-14v-3a1.500 1.500 0 0 0 0-3z M12 5.500v1.500 M12 9.200v1.600 M12 13v1.500",
  pause: "M10 17.5a7.5 7.5 0 1 0 0-15a7.5 7.5 0 0 0 0 15z M8 7.5v5 M12 7.5v5",
  tag: "M3 3h6.500l7.500 7.500-6.500 6.500-7.500-7.500z M6.500 6.500h.2",
  link: "M8 12l4-4 M9 6l1.5-1.5a3.200 3.200 0 0 1 4.700 4.700l-1.5 1.5 M11 14l-1.5 1.5a3.200 3.200 0 0 1-4.700-4.700l1.5-1.5",
  deal: "M3 4.500h4v11h-4z M8.500 4.500h4v7h-4z M14 4.500h3v4h-3z",
  settings: "M3 5.500h8 M15 5.500h2 M13 3.500v4 M3 10h2 M9 10h8 M7 8v4 M3 14.500h8 M15 14.500h2 M13 12.500v4",
  company: "M4 17v-13.500h8v13.500 M12 8h4v9 M2.500 17h15 M6.500 6.500h3 M6.500 9.500h3 M6.500 12.500h3",
  megaphone: "M3 8.500v3.500h3l7 4v-11.500l-7 4z M16 8v4.500 M6 12l1.200 4.500h2",
  plus: "M10 4v12 M4 10h12",
  table: "M3 4h14v12h-14z M3 8h14 M8 8v8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
