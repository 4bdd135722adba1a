import type { SalesReport } from "../api/types";
import charts from "../insights/Insights.module.css";
import { count, percent } from "../shared/numbers";
import { days as inDays } from "./findings";
import { aboutMoney, wholeMoney as money } from "./money";
import styles from "./Sales.module.css";

export function ReportTiles({ report, days }: { report: SalesReport; days: number }) {
  const { won, lost, forecast, currency } = report;
  const closed = won.count + lost.count;
  const tiles = [
    { title: "Won", value: money(won.amount_minor, currency), base: `${count(won.count)} in ${days} days` },
    { title: "Lost", value: money(lost.amount_minor, currency), base: `${count(lost.count)} in ${days} days` },
    {
      title: "Win rate",
      value: report.win_rate === null ? "–" : percent(report.win_rate),
      base: `of ${count(closed)} closed`,
    },
    { title: "From start to win", value: inDays(report.days_to_win), base: "median of what was won" },
    {
      title: "Likely to come",
      value: aboutMoney(forecast.by_probability_minor, currency),
      base: `by probability, of ${money(forecast.open.amount_minor, currency)} open`,
    },
    {
      title: "If it goes as before",
      value: aboutMoney(forecast.by_history_minor, currency),
      base: "by last year's share of deals won in each stage",
    },
  ];
  return (
    <>
      <div className={`${charts.tiles} ${styles.tiles}`}>
        {tiles.map((tile) => (
          <section key={tile.title} className={charts.tile}>
            <h2>{tile.title}</h2>
            <strong className="figures">{tile.value}</strong>
            <p>{tile.base}</p>
          </section>
        ))}
      </div>
      {report.in_other_currencies > 0 && (
        <p className={styles.quiet}>
          {count(report.in_other_currencies)} opportunities in other currencies than {currency} are left out.
        </p>
      )}
    </>
  );
}
