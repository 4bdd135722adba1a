/** Drawn for the widget on a 24 px grid, 2 px lines. Always beside a label, so hidden from readers. */

import type { JSX } from "preact";

function Icon({ d, size = 20, kind, children }: { d?: string; size?: number; kind?: string; children?: JSX.Element }) {
  return (
    <svg
      class={kind}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {d ? <path d={d} /> : children}
    </svg>
  );
}

export const ChatIcon = () => (
  <Icon size={28} d="M12 4c5 0 8.5 3.2 8.5 7.3s-3.5 7.3-8.5 7.3c-.9 0-1.8-.1-2.6-.3L4.6 20.5l1-4A6.8 6.8 0 0 1 3.5 11.3C3.5 7.2 7 4 12 4zM8.5 11.3h.01M12 11.3h.01M15.5 11.3h.01" />
);
export const DownIcon = ({ size = 24 }: { size?: number }) => <Icon size={size} d="M6 9l6 6 6-6" />;
export const CloseIcon = () => <Icon size={22} d="M6 6l12 12M18 6L6 18" />;
export const MoreIcon = () => (
  <Icon size={22}>
    <path stroke-width="2.8" d="M5 12h.01M12 12h.01M19 12h.01" />
  </Icon>
);
export const SendIcon = () => <Icon d="M12 19V5M6 11l6-6 6 6" />;
export const ClipIcon = () => (
  <Icon size={22} d="M20 11.5l-8 8a5 5 0 0 1-7.1-7.1l8.4-8.4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7" />
);
export const PersonIcon = () => <Icon d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0" />;
export const DownloadIcon = () => <Icon d="M12 4v11M7 11l5 5 5-5M5 20h14" />;
export const MailIcon = () => <Icon d="M4 6h16v12H4zM4 7l8 6 8-6" />;
export const CheckIcon = ({ size = 14 }: { size?: number }) => <Icon size={size} d="M5 12.5l4.5 4.5L19 7.5" />;
export const ShieldIcon = () => <Icon size={13} d="M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 11.5l2.2 2.2L15 10" />;
export const FileIcon = () => <Icon size={18} d="M14 3H7a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.5V7.5zM14 3v4.5h4.5" />;
export const RetryIcon = () => <Icon size={16} d="M20 12a8 8 0 1 1-2.5-5.8M20 3.5V8h-4.5" />;
export const CloudIcon = () => <Icon size={16} d="M3 3l18 18M8.5 6.3A6 6 0 0 1 17.5 10a4.5 4.5 0 0 1 3 7.5M17 19H7a4.5 4.5 0 0 1-1-8.9" />;
export const AwayIcon = () => <Icon size={14} d="M9 6h9v9M18 6L6.5 17.5" />;
export const NextIcon = () => <Icon size={16} kind="way" d="M9 6l6 6-6 6" />;
export const BackIcon = () => <Icon size={16} kind="way" d="M15 6l-6 6 6 6" />;

/** The assistant's mark: a lamp's four-pointed light, so that it is never taken for a person. */
export const SparkIcon = ({ size = 18 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
    <path d="M11 3c.9 5.1 2.9 7.1 8 8-5.1.9-7.1 2.9-8 8-.9-5.1-2.9-7.1-8-8 5.1-.9 7.1-2.9 8-8z" />
    <path d="M19 15.5c.3 1.7 1 2.4 2.7 2.7-1.7.3-2.4 1-2.7 2.7-.3-1.7-1-2.4-2.7-2.7 1.7-.3 2.4-1 2.7-2.7z" />
  </svg>
);

/** A face for a grade from 0 (worst) to 4. */
export const FaceIcon = ({ grade }: { grade: number }) => (
  <Icon size={30}>
    <g stroke-width="1.6">
      <circle cx="12" cy="12" r="9.2" />
      <path d="M9 9.5v.6M15 9.5v.6" stroke-width="2.2" />
      <path d={`M8 ${17 - grade / 2}q4 ${2 * grade - 4} 8 0`} />
    </g>
  </Icon>
);
