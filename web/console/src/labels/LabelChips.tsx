import type { LabelRef } from "../api/types";
import { Chip } from "../shared/Chip";
import type { Tone } from "../shared/words";

const TONES: Record<LabelRef["tone"], Tone> = {
  grey: "neutral",
  blue: "accent",
  violet: "accent",
  green: "good",
  amber: "warn",
  red: "bad",
};

export function LabelChips({ labels }: { labels: readonly LabelRef[] }) {
  return labels.map((label) => (
    <Chip key={label.id} tone={TONES[label.tone]} icon="tag">
      {label.name}
    </Chip>
  ));
}
