import { exact, relative, span } from "./time";
import { useNow } from "./useNow";

/** "4 m", with the exact time on hover and in words for screen readers. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  const date = new Date(at);
  const { short, long } = relative(date, now);
  return (
    <time dateTime={at} title={exact(date)} className="figures">
      <span aria-hidden>{short}</span>
      <span className="sr-only">{long}</span>
    </time>
  );
}

/** How long somebody has waited. */
export function Waiting({ since }: { since: string }) {
  const now = useNow();
  const from = new Date(since);
  const { short, long } = span(from, now);
  return (
    <span title={`Waiting since ${exact(from)}`} className="figures">
      <span aria-hidden>waiting {short}</span>
      <span className="sr-only">waiting for {long}</span>
    </span>
  );
}
