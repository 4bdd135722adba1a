import { useQuery } from "@tanstack/react-query";
import { count, money, percent } from "../shared/numbers";
import { dateOnly } from "../shared/time";
import { humanise } from "../shared/words";
import { ChartCard } from "./ChartCard";
import type { Cell } from "./csv";
import { overviewQuery, recommendedQuery, segmentsQuery } from "./queries";

/** The features that most say what a segment is; the rest is in the CSV of the analysis. */
const PROFILE_SHOWN = 6;

export function SegmentsTable() {
  const { data, error, refetch } = useQuery(segmentsQuery);
  const currency = useQuery(overviewQuery(30)).data?.currency ?? "";
  const items = data?.items ?? [];
  const total = items.reduce((sum, segment) => sum + segment.size, 0);
  const features = numericFeatures(items.map((segment) => segment.profile)).slice(0, PROFILE_SHOWN);
  return (
    <ChartCard
      wide
      title="Who are our customers?"
      note={
        data?.run
          ? `${count(total)} customers in ${items.length} segments, found on ${dateOnly(new Date(data.run.finished_at))}`
          : ""
      }
      head={["Segment", "Customers", "Share", ...features.map((feature) => featureName(feature, currency)), "What sets it apart"]}
      rows={
        data &&
        items.map((segment): Cell[] => [
          segment.name,
          segment.size,
          total > 0 ? percent(segment.size / total) : "–",
          ...features.map((feature) => {
            const value = segment.profile[feature];
            if (typeof value !== "number") return null;
            return feature.endsWith("_minor") ? value / 100 : value;
          }),
          segment.description,
        ])
      }
      error={error}
      retry={() => void refetch()}
      empty="Run `kefu analyze segments`: it groups customers by what they buy and what they say."
      fileName="segments"
    />
  );
}

/** "recency_days" → "Recency (days)", "spend_minor" → "Spend (EUR)". */
function featureName(name: string, currency: string): string {
  const [, what = name, unit = ""] = /^(.+)_(days|minor)$/.exec(name) ?? [];
  const shown = unit === "minor" ? currency : unit;
  return shown ? `${humanise(what)} (${shown})` : humanise(what);
}

function numericFeatures(profiles: readonly Record<string, unknown>[]): string[] {
  return Object.keys(profiles[0] ?? {}).filter((name) =>
    profiles.every((profile) => typeof profile[name] === "number"),
  );
}

export function RecommendedTable() {
  const { data, error, refetch } = useQuery(recommendedQuery);
  return (
    <ChartCard
      wide
      title="What do we recommend most?"
      note={
        data?.computed_at
          ? `to ${count(data.customers)} customers, found on ${dateOnly(new Date(data.computed_at))}`
          : ""
      }
      head={["Product", "Price", "Recommended to", "Mean score"]}
      rows={data?.items
        .slice(0, 15)
        .map((item) => [
          item.name,
          money(item.price_minor, item.currency),
          item.customers,
          item.mean_score,
        ])}
      error={error}
      retry={() => void refetch()}
      empty="Run `kefu analyze recommend`: it learns from orders and from interests said in chats."
      fileName="recommendations"
    />
  );
}
