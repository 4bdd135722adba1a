"""What can go wrong with a campaign."""

from foundation.errors import Conflict, NotFound


class CampaignNotFound(NotFound):
    """Absent."""

    code = "campaign_not_found"
    title = "No such campaign"


class AlreadyApproached(Conflict):
    """What was sent counts for how often a person may be approached: it is not forgotten."""

    code = "already_approached"
    title = "This person was approached already, and stays in the campaign"


class TouchNotFound(NotFound):
    """Absent."""

    code = "touch_not_found"
    title = "No such touch"


class NotRunning(Conflict):
    """Only a running campaign approaches anybody."""

    code = "campaign_not_running"
    title = "This campaign is not running"
