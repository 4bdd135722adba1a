/** Titles that say what a chart shows, from its own numbers. */
import type { SalesReport } from "../api/types";
import { percent } from "../shared/numbers";
import { humanise } from "../shared/words";
import { aboutMoney } from "./money";

export function funnelFinding(stages: SalesReport["stages"]): string {
  const known = stages.filter((stage) => stage.conversion !== null && stage.advanced + stage.lost_from >= 3);
  const worst = [...known].sort((a, b) => (a.conversion ?? 0) - (b.conversion ?? 0))[0];
  if (!worst || worst.conversion === null) return "How many go on from each stage?";
  if (worst.conversion >= 0.95) return "Nearly all go on from every stage";
  return `Most are lost in ${worst.name}: ${percent(worst.conversion)} go on`;
}

export function velocityFinding(stages: SalesReport["stages"]): string {
  const slowest = [...stages].sort((a, b) => (b.median_days ?? 0) - (a.median_days ?? 0))[0];
  if (!slowest?.median_days) return "How long do they stay in each stage?";
  return `They stay longest in ${slowest.name}: ${days(slowest.median_days)}`;
}

export function lostFinding(reasons: SalesReport["lost_reasons"]): string {
  const all = reasons.reduce((sum, line) => sum + line.count, 0);
  const first = reasons[0];
  if (!first || all === 0) return "Why are opportunities lost?";
  return `${humanise(first.reason)} is the most frequent reason: ${first.count} of ${all} lost`;
}

export function monthsFinding(report: SalesReport): string {
  const ahead = report.by_month.filter((line) => line.month !== null && line.forecast.open.count > 0);
  const best = [...ahead].sort((a, b) => b.forecast.by_probability_minor - a.forecast.by_probability_minor)[0];
  if (!best?.month) return "What was won, and what is to come?";
  return `${monthName(best.month)} may bring ${aboutMoney(best.forecast.by_probability_minor, report.currency)}`;
}

/** "2026-03" as "Mar 2026"; null is what is overdue or has no day. */
export function monthName(month: string | null, locale?: string): string {
  if (month === null) return "Overdue or no day";
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(year, number - 1, 1).toLocaleDateString(locale, { month: "short", year: "numeric" });
}

export function days(value: number | null): string {
  if (value === null) return "–";
  return `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })} days`;
}
