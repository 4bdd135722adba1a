import { BarChart } from "@mantine/charts";
import { useQuery } from "@tanstack/react-query";
import { count } from "../shared/numbers";
import { humanise } from "../shared/words";
import { ChartCard } from "./ChartCard";
import styles from "./Insights.module.css";
import { byPeriod } from "./periods";
import { containmentQuery, intentsQuery, sentimentQuery } from "./queries";

const INTENTS_SHOWN = 15;
/** What people say around what they want; counted in the table, left out of the chart. */
const COURTESIES = new Set([
  "greet",
  "goodbye",
  "thanks",
  "affirm",
  "deny",
  "inform",
  "how_are_you",
  "cancel_form",
]);
const ROW_PX = 30;
const CHART_PX = 260;
/** The same colour for the same thing on every chart. */
const COLORS = {
  accent: "var(--accent)",
  negative: "var(--bad)",
  neutral: "var(--line-strong)",
  positive: "var(--good)",
};

export function IntentsChart({ days }: { days: number }) {
  const { data, error, refetch } = useQuery(intentsQuery(days));
  const shown = (data?.items ?? [])
    .filter((item) => !COURTESIES.has(item.intent))
    .slice(0, INTENTS_SHOWN)
    .map((item) => ({ intent: humanise(item.intent), Messages: item.messages }));
  return (
    <ChartCard
      title="What do customers want?"
      note={data ? `The ${shown.length} most frequent intents of ${count(data.messages)} messages, small talk left out` : ""}
      head={["Intent", "Messages", "Mean confidence", "Mean valence"]}
      rows={data?.items.map((item) => [
        humanise(item.intent),
        item.messages,
        item.mean_confidence,
        item.mean_valence,
      ])}
      error={error}
      retry={() => void refetch()}
      empty="As soon as customers write, what they want is counted here."
      fileName="intents"
      tall
    >
      <div className={styles.fill} style={{ minHeight: Math.max(CHART_PX, shown.length * ROW_PX + 40) }}>
        <BarChart
          h="100%"
          data={shown}
          dataKey="intent"
          orientation="vertical"
          series={[{ name: "Messages", color: COLORS.accent }]}
          gridAxis="y"
          yAxisProps={{ width: 150, interval: 0 }}
          xAxisLabel="Messages"
          xAxisProps={{ allowDecimals: false }}
          barProps={{ radius: 3, maxBarSize: 24, isAnimationActive: false }}
        />
      </div>
    </ChartCard>
  );
}

export function MoodChart({ days }: { days: number }) {
  const { data, error, refetch } = useQuery(sentimentQuery(days));
  const { unit, items } = byPeriod(data?.items ?? [], ["negative", "neutral", "positive"]);
  const shown = items.map((item) => ({
    day: shortDay(item.day),
    Negative: item.negative,
    Neutral: item.neutral,
    Positive: item.positive,
  }));
  return (
    <ChartCard
      title="Is the mood getting better?"
      note={`Customer messages a ${unit} by sentiment`}
      head={["Day", "Messages", "Negative", "Neutral", "Positive", "Mean valence"]}
      rows={data?.items.map((item) => [
        item.day,
        item.messages,
        item.negative,
        item.neutral,
        item.positive,
        item.mean_valence,
      ])}
      error={error}
      retry={() => void refetch()}
      empty="The mood of every customer message is counted here, day by day."
      fileName="sentiment"
    >
      <BarChart
        h={CHART_PX}
        data={shown}
        dataKey="day"
        type="stacked"
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        series={[
          { name: "Negative", color: COLORS.negative },
          { name: "Neutral", color: COLORS.neutral },
          { name: "Positive", color: COLORS.positive },
        ]}
        yAxisLabel="Messages"
        yAxisProps={{ allowDecimals: false }}
        barProps={{ maxBarSize: 32, isAnimationActive: false }}
      />
    </ChartCard>
  );
}

export function OwnersChart({ days }: { days: number }) {
  const { data, error, refetch } = useQuery(containmentQuery(days));
  const { unit, items } = byPeriod(data?.items ?? [], ["conversations", "handoffs"]);
  const shown = items.map((item) => ({
    day: shortDay(item.day),
    "Bot alone": item.conversations - item.handoffs,
    "Handed over": item.handoffs,
  }));
  return (
    <ChartCard
      title="How much does the bot settle by itself?"
      note={`Conversations a ${unit} by who had to answer`}
      head={["Day", "Conversations", "Handed over"]}
      rows={data?.items.map((item) => [item.day, item.conversations, item.handoffs])}
      error={error}
      retry={() => void refetch()}
      empty="Conversations are counted here by the day on which they began."
      fileName="containment"
    >
      <BarChart
        h={CHART_PX}
        data={shown}
        dataKey="day"
        type="stacked"
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        series={[
          { name: "Bot alone", color: COLORS.accent },
          { name: "Handed over", color: "var(--warn)" },
        ]}
        yAxisLabel="Conversations"
        yAxisProps={{ allowDecimals: false }}
        barProps={{ maxBarSize: 32, isAnimationActive: false }}
      />
    </ChartCard>
  );
}

function shortDay(day: string): string {
  // Days are whole days in UTC; noon keeps them from slipping into a neighbour.
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}
