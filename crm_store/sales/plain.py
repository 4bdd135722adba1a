"""The sales report as plain JSON: what the endpoint answers and ``kefu sales report`` prints."""

from collections.abc import Iterable
from typing import Any

from crm_store.sales.arithmetic import Forecast, Outcome
from crm_store.sales.facts import StagePace, Tally
from crm_store.sales.service import SalesReport, Split, StageReport


def plain_report(report: SalesReport) -> dict[str, Any]:
    """The whole report; shares are from 0 to 1, null where there is nothing to count."""
    by_owner = sorted(report.by_owner.items(), key=lambda one: (one[0] is None, -_weight(one[1])))
    by_source = sorted(report.by_source.items(), key=lambda one: -_weight(one[1]))
    return {
        "pipeline": {"id": report.pipeline.id, "name": report.pipeline.name},
        "currency": report.currency,
        "since": report.period.since,
        "until": report.period.until,
        "in_other_currencies": report.in_other_currencies,
        "opened": _tally(report.opened),
        **_outcome(report.outcome),
        "days_to_win": report.days_to_win,
        "forecast": _forecast(report.forecast),
        "stages": [_stage(one) for one in report.stages],
        "lost_reasons": [
            {"reason": reason.value, **_tally(tally)}
            for reason, tally in sorted(
                report.lost_reasons.items(), key=lambda one: (-one[1].count, one[0])
            )
        ],
        "by_owner": _splits(
            (
                {"owner_id": owner, "name": report.owner_names.get(owner) if owner else None},
                split,
            )
            for owner, split in by_owner
        ),
        "by_source": _splits(({"source": source.value}, split) for source, split in by_source),
        "by_month": _splits(
            ({"month": month or None}, split) for month, split in report.by_month.items()
        ),
    }


def _splits(parts: Iterable[tuple[dict[str, Any], Split]]) -> list[dict[str, Any]]:
    return [
        {**names, **_outcome(split.outcome), "forecast": _forecast(split.forecast)}
        for names, split in parts
    ]


def _weight(split: Split) -> int:
    return split.outcome.won.amount_minor + split.forecast.open.amount_minor


def _stage(one: StageReport) -> dict[str, Any]:
    return {
        "id": one.stage.id,
        "name": one.stage.name,
        "probability": one.stage.probability,
        "past_win_rate": one.past_win_rate,
        "forecast": _forecast(one.now),
        **_pace(one.pace),
    }


def _pace(pace: StagePace) -> dict[str, Any]:
    return {
        "entered": pace.entered,
        "advanced": pace.advanced,
        "lost_from": pace.lost,
        "conversion": pace.conversion,
        "median_days": pace.median_days,
        "mean_days": pace.mean_days,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "won": _tally(outcome.won),
        "lost": _tally(outcome.lost),
        "win_rate": outcome.win_rate,
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    return {
        "open": _tally(forecast.open),
        "by_probability_minor": forecast.by_probability_minor,
        "by_history_minor": forecast.by_history_minor,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {"count": tally.count, "amount_minor": tally.amount_minor}
