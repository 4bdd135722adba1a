"""``/api/v1/nlu``: the assistant's understanding, for staff."""

from fastapi import APIRouter, Depends

from crm_store.permissions import Permission
from foundation.errors import Unavailable
from gateway.assistant import AssistantFailed, AssistantUnreachable
from gateway.auth.staff import Needs
from gateway.explanation import MAX_CHARS, Explanation
from gateway.nlu.schemas import ToExplain
from gateway.parts import PartsDep
from gateway.problems import Problem
from gateway.texts import clean_text

router = APIRouter(
    prefix="/nlu",
    tags=["nlu"],
    dependencies=[Depends(Needs(Permission.CONVERSATIONS_READ))],
)


@router.post(
    "/explain",
    responses={503: {"model": Problem, "description": "The assistant does not answer"}},
)
async def explain_text(body: ToExplain, parts: PartsDep) -> Explanation:
    """Why a text is understood as it is, by the model that is in service now."""
    text = clean_text(body.text, max_chars=MAX_CHARS)
    try:
        return await parts.assistant.explain(text)
    except AssistantUnreachable as error:
        raise Unavailable("The assistant is not running or still loading.") from error
    except AssistantFailed as error:
        raise Unavailable("The assistant could not explain this.") from error
