/** Drawn for the widget on a 24 px grid, 2 px lines. Always beside a label, so hidden from readers. */

import type { JSX } from "preact";

function Icon({ d, size = 20, children }: { d?: string; size?: number; children?: JSX.Element }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {d ? <path d={d} /> : children}
    </svg>
  );
}

export const ChatIcon = () => (
  <Icon size={28} d="M12 4c5 0 8.5 3.2 8.5 7.300s-3.5 7.3-8.5 7.300c-.9 0-1.8-.1-2.6-.3L4.6 20.500l1-4A6.8 6.8 0 0 1 3.5 11.300C3.5 7.2 7 4 12 4zM8.5 11.300h.01M12 11.300h.01M15.5 11.300h.01" />
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
  <Icon size={22} d="M20 11.500l-8 8a5 5 0 0 1-7.1-7.100l8.4-8.400a3.3 3.3 0 0 1 4.7 4.700l-8.4 8.400a1.7 1.7 0 0 1-2.4-2.400l7.7-7.7" />
);
export const PersonIcon = () => <Icon d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0" />;
export const DownloadIcon = () => <Icon d="M12 4v11M7 11l5 5 5-5M5 20h14" />;
export const CheckIcon = ({ size = 14 }: { size?: number }) => <Icon size={size} d="M5 12.500l4.5 4.500L19 7.5" />;
export const ShieldIcon = () => <Icon size={13} d="M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 11.500l2.2 2.200L15 10" />;
export const FileIcon = () => <Icon size={18} d="M14 3H7a1.5 1.5 0 0 0-1.5 1.500v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.500V7.500zM14 3v4.500h4.5" />;
export const RetryIcon = () => <Icon size={16} d="M20 12a8 8 0 1 1-2.5-5.800M20 3.500V8h-4.5" />;
export const CloudIcon = () => <Icon size={16} d="M3 3l18 18M8.5 6.300A6 6 0 0 1 17.5 10a4.5 4.5 0 0 1 3 7.500M17 19H7a4.5 4.5 0 0 1-1-8.9" />;
export const AwayIcon = () => <Icon size={14} d="M9 6h9v9M18 6L6.5 17.5" />;
export const NextIcon = () => <Icon size={16} d="M9 6l6 6-6 6" />;

/** The assistant's mark: a lamp's four-pointed light, so that it is never taken for a person. */
export const SparkIcon = ({ size = 18 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true" focusable="false">
    <path d="M11 3c.9 5.1 2.9 7.1 8 8-5.1.9-7.1 2.9-8 8-.9-5.1-2.9-7.1-8-8 5.1-.9 7.1-2.9 8-8z" />
    <path d="M19 15.500c.3 1.7 1 2.4 2.7 2.7-1.7.3-2.4 1-2.7 2.7-.3-1.7-1-2.4-2.7-2.7 1.7-.3 2.4-1 2.7-2.700z" />
  </svg>
);

const MOUTHS = ["M8 17c1-2 2.4-3 4-3s3 1 4 3", "M8.5 16.500c2-1.5 5-1.5 7 0", "M8.5 15.500h7", "M8.5 15c2 1.5 5 1.5 7 0", "M8 14c1 2.3 2.4 3.4 4 3.400s3-1.1 4-3.4"];

/** A face for a grade from 0 (worst) to 4. */
export const FaceIcon = ({ grade }: { grade: number }) => (
  <Icon size={30}>
    <g stroke-width="1.6">
      <circle cx="12" cy="12" r="9.2" />
      <path d="M9 9.500v.6M15 9.500v.6" stroke-width="2.2" />
      <path d={MOUTHS[grade] ?? ""} />
    </g>
  </Icon>
);
