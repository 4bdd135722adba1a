import { BarChart } from "@mantine/charts";
import type { SalesReport } from "../api/types";
import { ChartCard } from "../insights/ChartCard";
import { count, money, percent } from "../shared/numbers";
import { humanise } from "../shared/words";
import { days, funnelFinding, lostFinding, monthName, monthsFinding, velocityFinding } from "./findings";

const CHART_PX = 260;
const BAR = { radius: 3, maxBarSize: 32, isAnimationActive: false };
/** The same colour for the same thing on every chart. */
const COLORS = { won: "var(--good)", lost: "var(--bad)", ahead: "var(--accent)", all: "var(--line-strong)" };

interface Props {
  report: SalesReport;
}

const never = { error: null, retry: () => undefined };

export function MonthsChart({ report }: Props) {
  const whole = (minor: number) => Math.round(minor / 100);
  const shown = report.by_month.map((line) => ({
    month: monthName(line.month),
    Won: whole(line.won.amount_minor),
    Lost: whole(line.lost.amount_minor),
    "Open, by probability": whole(line.forecast.by_probability_minor),
  }));
  return (
    <ChartCard
      {...never}
      title={monthsFinding(report)}
      note="Won and lost by the month that they closed, open ones by the month expected"
      head={["Month", "Won", "Lost", "Win rate", "Open", "By probability", "By history"]}
      rows={report.by_month.map((line) => [
        monthName(line.month),
        money(line.won.amount_minor, report.currency),
        money(line.lost.amount_minor, report.currency),
        line.win_rate === null ? null : percent(line.win_rate),
        money(line.forecast.open.amount_minor, report.currency),
        money(line.forecast.by_probability_minor, report.currency),
        money(line.forecast.by_history_minor, report.currency),
      ])}
      empty="What was won and what is to come is counted here, month by month."
      fileName="sales-by-month"
      wide
    >
      <BarChart
        h={CHART_PX}
        data={shown}
        dataKey="month"
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        series={[
          { name: "Won", color: COLORS.won },
          { name: "Lost", color: COLORS.lost },
          { name: "Open, by probability", color: COLORS.ahead },
        ]}
        yAxisLabel={report.currency}
        yAxisProps={{ width: 70 }}
        valueFormatter={(value) => count(value)}
        barProps={BAR}
      />
    </ChartCard>
  );
}

export function FunnelChart({ report }: Props) {
  return (
    <ChartCard
      {...never}
      title={funnelFinding(report.stages)}
      note="Opportunities that came into each stage, and those of them that went on"
      head={["Stage", "Came in", "Went on", "Lost from it", "Go on", "Won in the last year"]}
      rows={report.stages.map((stage) => [
        stage.name,
        stage.entered,
        stage.advanced,
        stage.lost_from,
        stage.conversion === null ? null : percent(stage.conversion),
        stage.past_win_rate === null ? null : percent(stage.past_win_rate),
      ])}
      empty="How opportunities go through the stages is counted here."
      fileName="sales-conversion"
    >
      <BarChart
        h={CHART_PX}
        data={report.stages.map((stage) => ({ stage: stage.name, "Came in": stage.entered, "Went on": stage.advanced }))}
        dataKey="stage"
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        series={[
          { name: "Came in", color: COLORS.all },
          { name: "Went on", color: COLORS.ahead },
        ]}
        yAxisLabel="Opportunities"
        yAxisProps={{ allowDecimals: false }}
        barProps={BAR}
      />
    </ChartCard>
  );
}

export function VelocityChart({ report }: Props) {
  return (
    <ChartCard
      {...never}
      title={velocityFinding(report.stages)}
      note="Median days in each stage, of the stays that are over"
      head={["Stage", "Median days", "Mean days"]}
      rows={report.stages.map((stage) => [stage.name, stage.median_days, stage.mean_days])}
      empty="How long opportunities stay in each stage is counted here."
      fileName="sales-velocity"
    >
      <BarChart
        h={CHART_PX}
        data={report.stages.map((stage) => ({ stage: stage.name, Days: Math.round((stage.median_days ?? 0) * 10) / 10 }))}
        dataKey="stage"
        orientation="vertical"
        series={[{ name: "Days", color: COLORS.ahead }]}
        gridAxis="y"
        xAxisLabel="Days"
        yAxisProps={{ width: 110, interval: 0 }}
        valueFormatter={(value) => days(value)}
        barProps={BAR}
      />
    </ChartCard>
  );
}

export function LostChart({ report }: Props) {
  return (
    <ChartCard
      {...never}
      title={lostFinding(report.lost_reasons)}
      note="Lost opportunities by their reason"
      head={["Reason", "Lost", "Amount"]}
      rows={report.lost_reasons.map((line) => [
        humanise(line.reason),
        line.count,
        money(line.amount_minor, report.currency),
      ])}
      empty="Nothing was lost in this time."
      fileName="sales-lost"
    >
      <BarChart
        h={CHART_PX}
        data={report.lost_reasons.map((line) => ({ reason: humanise(line.reason), Lost: line.count }))}
        dataKey="reason"
        orientation="vertical"
        series={[{ name: "Lost", color: COLORS.lost }]}
        gridAxis="y"
        xAxisLabel="Opportunities"
        xAxisProps={{ allowDecimals: false }}
        yAxisProps={{ width: 120, interval: 0 }}
        barProps={BAR}
      />
    </ChartCard>
  );
}

export function PartTable({ report, by }: Props & { by: "owner" | "source" }) {
  const parts =
    by === "owner"
      ? report.by_owner.map((line) => ({ name: line.name ?? "Nobody", line }))
      : report.by_source.map((line) => ({ name: humanise(line.source), line }));
  return (
    <ChartCard
      {...never}
      title={by === "owner" ? "Who sells what?" : "Which sources bring sales?"}
      head={[by === "owner" ? "Owner" : "Source", "Won", "Lost", "Win rate", "Open", "By probability"]}
      rows={parts.map(({ name, line }) => [
        name,
        money(line.won.amount_minor, report.currency),
        money(line.lost.amount_minor, report.currency),
        line.win_rate === null ? null : percent(line.win_rate),
        money(line.forecast.open.amount_minor, report.currency),
        money(line.forecast.by_probability_minor, report.currency),
      ])}
      empty="Nothing to compare yet."
      fileName={`sales-by-${by}`}
    />
  );
}
