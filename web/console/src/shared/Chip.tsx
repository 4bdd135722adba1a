import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Chip.module.css";
import { Icon, type IconName } from "./Icon";
import type { Mood, Tone } from "./words";
import { statusOf } from "./tones";

interface ChipProps {
  children: ReactNode;
  tone?: Tone;
  icon?: IconName;
  /** What a pointer or a screen reader learns besides. */
  hint?: string;
  quiet?: boolean;
}

/** A small label. Its words carry the meaning, its tone only repeats it. */
export function Chip({ children, tone = "neutral", icon, hint, quiet }: ChipProps) {
  const className = [styles.chip, tone === "neutral" ? "" : styles[tone], quiet ? styles.quiet : ""]
    .filter(Boolean)
    .join(" ");
  const chip = (
    <span className={className}>
      {icon && <Icon name={icon} size={13} />}
      <span>{children}</span>
      {hint && <span className="sr-only">, {hint}</span>}
    </span>
  );
  return hint ? <Tooltip label={hint}>{chip}</Tooltip> : chip;
}

export function MoodChip({ mood, hint, quiet }: { mood: Mood; hint?: string; quiet?: boolean }) {
  return (
    <Chip
      icon={mood.face}
      tone={mood.tone}
      {...(hint === undefined ? {} : { hint })}
      {...(quiet === undefined ? {} : { quiet })}
    >
      {mood.label}
    </Chip>
  );
}

export function StatusChip({ status }: { status: string }) {
  const { label, tone } = statusOf(status);
  return <Chip tone={tone}>{label}</Chip>;
}
