import type { TicketClock } from "../api/types";
import { Chip } from "../shared/Chip";
import { useNow } from "../shared/useNow";
import { clockName, promised } from "./sla";

/** How a promise stands: words and an icon, counted down while one looks. */
export function SlaChip({ clock, named }: { clock: TicketClock; named?: boolean }) {
  const now = useNow();
  const { label, hint, icon, tone } = promised(clock, now);
  return (
    <Chip tone={tone} icon={icon} hint={hint}>
      {named ? `${clockName(clock)}: ${label}` : label}
    </Chip>
  );
}
