"""Asking for an erasure."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.asking import Asker, user_of
from crm_store.audit import record
from crm_store.customers.scope import find_customer
from crm_store.jobs import JobService
from crm_store.jobs.errors import JobNotFound
from crm_store.models import Job, Order, OrderStatus, Return, ReturnStatus
from crm_store.permissions import Permission, require
from crm_store.privacy.errors import OrdersUnderWay
from crm_store.privacy.identifiers import records_of
from crm_store.privacy.ledger import ErasureLedger
from crm_store.privacy.tombstones import add_known, erased_before
from foundation.ids import new_id

ERASURE = "erasure"
_OVER = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)
_RETURNED = (ReturnStatus.REFUNDED, ReturnStatus.EXCHANGED, ReturnStatus.REJECTED)


class ErasureService:
    """Erasing is a job: it is asked for here, and done by ``erasing.job``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def request(self, customer_id: UUID, *, asker: Asker, despite_orders: bool = False) -> Job:
        """Have a customer erased; who asks again gets the job that is there already.

        Args:
            customer_id: any of the person's records.
            asker: needs the permission to manage privacy.
            despite_orders: erase although something is not delivered or paid back yet.

        Raises:
            NotAllowed: the asker may not.
            CustomerNotFound: absent.
            OrdersUnderWay: something is not delivered or paid back yet.
        """
        require(asker, Permission.PRIVACY_MANAGE)
        customer = find_customer(self._session, customer_id, asker=asker, lock=True)
        if not despite_orders:
            self._refuse_with_orders(records_of(self._session, customer.id))
        job = self._enqueue(customer.id, by=user_of(asker))
        record(
            self._session,
            asker,
            "customer.erasure_requested",
            "customer",
            customer.id,
            {"job": str(job.id), "despite_orders": despite_orders},
        )
        return job

    def get(self, job_id: UUID, *, asker: Asker) -> Job:
        """An erasure by its job.

        Raises:
            NotAllowed: the asker may not.
            JobNotFound: absent, or another kind of job.
        """
        require(asker, Permission.PRIVACY_MANAGE)
        job = JobService(self._session).get(job_id)
        if job.kind != ERASURE:
            raise JobNotFound
        return job

    def _refuse_with_orders(self, records: list[UUID]) -> None:
        orders = self._count(
            select(func.count())
            .select_from(Order)
            .where(Order.customer_id.in_(records), Order.status.not_in(_OVER))
        )
        returns = self._count(
            select(func.count())
            .select_from(Return)
            .join(Return.order)
            .where(Order.customer_id.in_(records), Return.status.not_in(_RETURNED))
        )
        if orders or returns:
            raise OrdersUnderWay(
                f"{_under_way(orders, returns)} yet; for that a name and an address are needed"
            )

    def _count(self, statement: object) -> int:
        return self._session.scalar(statement) or 0  # type: ignore[call-overload]

    def _enqueue(self, customer_id: UUID, *, by: UUID | None) -> Job:
        return JobService(self._session).enqueue(
            ERASURE,
            {
                "customer_id": str(customer_id),
                "erasure_id": str(new_id()),
                "by": str(by) if by else None,
            },
            unique_key=f"{ERASURE}:{customer_id}",
        )


def _under_way(orders: int, returns: int) -> str:
    said = []
    if orders:
        said.append("1 order is" if orders == 1 else f"{orders:,} orders are")
        said[-1] += " not delivered"
    if returns:
        said.append("1 return is" if returns == 1 else f"{returns:,} returns are")
        said[-1] += " not settled"
    return " and ".join(said)


def reapply_tombstones(session: Session, ledger: ErasureLedger) -> list[Job]:
    """After a restore: have everybody erased again who was erased since the backup was made.

    Takes in what the ledger knows and the restored database does not. Call it before anybody is
    served; the jobs that it returns are to be run (``JobRunner.run_job``), or the worker does.
    """
    add_known(session, ledger.rows())
    service = ErasureService(session)
    return [service._enqueue(customer_id, by=None) for customer_id in erased_before(session)]
