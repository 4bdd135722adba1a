import "@mantine/charts/styles.layer.css";
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ApiError } from "../api/problems";
import charts from "../insights/Insights.module.css";
import { Empty, Failed, Loading } from "../shared/States";
import { SPANS } from "./filters";
import { reportQuery } from "./queries";
import { FunnelChart, LostChart, MonthsChart, PartTable, VelocityChart } from "./reportCharts";
import { ReportTiles } from "./ReportTiles";
import { SalesNav } from "./SalesNav";
import styles from "./Sales.module.css";

export function ReportPage() {
  const { days = 90 } = useSearch({ from: "/in/sales/report" });
  const navigate = useNavigate();
  const query = useQuery(reportQuery(days));
  const report = query.data;
  const retry = () => void query.refetch();
  return (
    <div className={styles.page}>
      <SalesNav title="Sales report">
        <SegmentedControl
          size="xs"
          aria-label="How far to look back"
          value={String(days)}
          onChange={(value) => void navigate({ to: "/sales/report", search: { days: Number(value) }, replace: true })}
          data={SPANS.map((span) => ({ value: String(span), label: `${span} days` }))}
        />
      </SalesNav>
      <div className={styles.scroll}>
        {query.isPending ? (
          <Loading rows={6} height={80} />
        ) : query.isError && !report ? (
          query.error instanceof ApiError && query.error.code === "pipeline_not_found" ? (
            <Empty title="Nothing to report yet" icon="chart">
              As soon as there are opportunities, what was won and lost is counted here.
            </Empty>
          ) : (
            <Failed what="The report could not be made." error={query.error} retry={retry} />
          )
        ) : report ? (
          <div className={charts.page}>
            <ReportTiles report={report} days={days} />
            <div className={charts.charts}>
              <MonthsChart report={report} />
              <FunnelChart report={report} />
              <VelocityChart report={report} />
              <LostChart report={report} />
              <PartTable report={report} by="owner" />
              <PartTable report={report} by="source" />
            </div>
          </div>
        ) : null}
      </div>
    </div>
  );
}
