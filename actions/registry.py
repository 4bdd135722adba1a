"""Every action by name, made with what it needs. Nothing is found by scanning."""

from rasa_sdk.executor import ActionExecutor

from actions.account import (
    AccountDeleteAction,
    AccountEditAction,
    DataExportAction,
    NewsletterAction,
)
from actions.account_form import DeliveryAddressAction, ValidateAccountForm
from actions.base import KefuAction, Parts
from actions.delivery import (
    DamagedAction,
    DelayedAction,
    DeliveryTimeAction,
    LostAction,
    WrongItemAction,
)
from actions.faq import AnswerFaqAction
from actions.feedback import (
    ComplaintSubmitAction,
    PraiseAction,
    ReviewLeaveAction,
    ValidateComplaintForm,
)
from actions.handoff import HandoffAction, TicketStatusAction
from actions.orders import (
    OrderCancelAction,
    OrderChangeAction,
    OrderHistoryAction,
    OrderStatusAction,
)
from actions.payments import DoubleChargeAction, InvoiceAction, PaymentFailedAction
from actions.products import (
    ProductAvailabilityAction,
    ProductCompareAction,
    ProductDetailsAction,
    ProductSearchAction,
)
from actions.recommend import ProductRecommendAction
from actions.refunds import RefundStatusAction
from actions.returns import StartReturnAction, ValidateReturnForm
from actions.talk import (
    AffirmAction,
    ClarifyAction,
    DenyAction,
    InformAction,
    LostThreadAction,
    OutOfScopeAction,
    StopAction,
)
from actions.verification import ValidateVerifyForm
from actions.warranty import WarrantyClaimAction

ACTIONS: tuple[type[KefuAction], ...] = (
    ValidateVerifyForm,
    ValidateReturnForm,
    ValidateComplaintForm,
    ValidateAccountForm,
    OrderStatusAction,
    OrderHistoryAction,
    OrderChangeAction,
    OrderCancelAction,
    DeliveryTimeAction,
    DelayedAction,
    LostAction,
    DamagedAction,
    WrongItemAction,
    DeliveryAddressAction,
    StartReturnAction,
    RefundStatusAction,
    PaymentFailedAction,
    DoubleChargeAction,
    InvoiceAction,
    AccountEditAction,
    AccountDeleteAction,
    NewsletterAction,
    DataExportAction,
    ProductSearchAction,
    ProductAvailabilityAction,
    ProductDetailsAction,
    ProductCompareAction,
    ProductRecommendAction,
    WarrantyClaimAction,
    AnswerFaqAction,
    ComplaintSubmitAction,
    PraiseAction,
    ReviewLeaveAction,
    HandoffAction,
    TicketStatusAction,
    AffirmAction,
    DenyAction,
    InformAction,
    StopAction,
    ClarifyAction,
    OutOfScopeAction,
    LostThreadAction,
)


def build_executor(parts: Parts) -> ActionExecutor:
    """Rasa's executor with our actions and nothing else."""
    executor = ActionExecutor()
    for kind in ACTIONS:
        action = kind(parts)
        executor.register_function(action.name, action.run)
    return executor
