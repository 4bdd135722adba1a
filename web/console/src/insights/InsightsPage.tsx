import "@mantine/charts/styles.layer.css";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { maySeeInsights } from "../auth/may";
import { useMe } from "../auth/session";
import { Empty } from "../shared/States";
import { IntentsChart, MoodChart, OwnersChart } from "./charts";
import styles from "./Insights.module.css";
import { Overview } from "./Overview";
import { RecommendedTable, SegmentsTable } from "./tables";

const SPANS = [7, 30, 90, 365];

export function InsightsPage() {
  const me = useMe();
  const [days, setDays] = useState(30);
  if (!maySeeInsights(me)) {
    return (
      <Empty title="Insights are for analysts and admins" icon="lock">
        You see the conversations you work with in the inbox.
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>Insights</h1>
        <SegmentedControl
          size="xs"
          aria-label="How far to look back"
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={SPANS.map((span) => ({ value: String(span), label: `${span} days` }))}
        />
      </div>
      <Overview days={days} />
      <div className={styles.charts}>
        <IntentsChart days={days} />
        <MoodChart days={days} />
        <OwnersChart days={days} />
        <SegmentsTable />
        <RecommendedTable />
      </div>
    </div>
  );
}
