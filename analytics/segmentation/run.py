"""`kefu analyze segments`: features, groups, names, and all of it onto the customers' records."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analytics.features.customers import CustomerFeatures, build_customer_features
from analytics.segmentation.base import Segmentation, Segmenter
from analytics.segmentation.naming import Profile, name_segments
from analytics.segmentation.rfm import Scores, rfm_scores
from crm_store.database import Database
from crm_store.insights.service import InsightService
from crm_store.models import ModelRun, Segment, SegmentMembership
from crm_store.outreach.asking import AnalysisAsks
from crm_store.outreach.rules import OutreachRule
from foundation.clock import utc_now
from foundation.ids import new_id


@dataclass(frozen=True)
class SegmentReport:
    """What a run found."""

    customers: int
    silhouette: float
    segments: list[Profile]
    asked: int = 0
    """Messages that rules of the operator's had asked for."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def run_segments(
    database: Database, segmenter: Segmenter, *, rules: Sequence[OutreachRule] = ()
) -> SegmentReport:
    """Group every customer who has ordered or chatted, and replace the segments in the store.

    Args:
        database: the store.
        segmenter: finds the groups.
        rules: whom to have written to who has moved, in the same transaction: a move is answered
            once, or not at all.

    Raises:
        TooFewCustomers: there are not enough of them.
    """
    started = utc_now()
    with database.reading() as session:
        insights = InsightService(session)
        features = build_customer_features(
            insights.iter_order_lines(), insights.iter_conversation_features(), as_of=started
        )
    found = segmenter.fit_predict(features)
    scores = rfm_scores(features)
    profiles = name_segments(features, scores, found.labels)
    run = ModelRun(
        kind="segments",
        engine=segmenter.engine,
        params=found.params,
        metrics={"customers": len(features.customer_ids), "silhouette": found.silhouette},
        started_at=started,
        finished_at=utc_now(),
    )
    with database.transaction() as session:
        segments = {profile.label: _segment(profile) for profile in profiles}
        memberships = _memberships(features, scores, found, segments)
        moves = InsightService(session).replace_segments(
            run,
            list(segments.values()),
            memberships,
            watched=lambda name: any(rule.is_about(name) for rule in rules),
        )
        asked = AnalysisAsks(session).after_moves(moves, rules)
    return SegmentReport(len(features.customer_ids), round(found.silhouette, 4), profiles, asked)


def _segment(profile: Profile) -> Segment:
    return Segment(
        id=new_id(),
        name=profile.name,
        description=profile.description,
        size=profile.size,
        profile=profile.means,
    )


def _memberships(
    features: CustomerFeatures, scores: Scores, found: Segmentation, segments: dict[int, Segment]
) -> list[SegmentMembership]:
    return [
        SegmentMembership(
            customer_id=customer_id,
            segment_id=segments[int(label)].id,
            rfm="".join(map(str, score)),
            features=features.as_dict(row),
        )
        for row, (customer_id, label, score) in enumerate(
            zip(features.customer_ids, found.labels, scores.tolist(), strict=True)
        )
    ]
