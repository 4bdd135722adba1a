"""A key carries no more than its maker may, and ends with its maker."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_store.api_keys.service import ApiKeyService, asker_of, use_is_stale
from crm_store.asking import AsStaff, AsSystem
from crm_store.database import Database
from crm_store.models import ApiKey, AuditEntry, Role
from crm_store.permissions import Permission, may
from crm_store.users.service import UserService
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound
from foundation.ids import new_id
from tests.factories import make_user

OPERATOR = AsSystem("a test")
READ = Permission.CUSTOMERS_READ


def test_a_key_lets_its_holder_ask(database: Database) -> None:
    with database.transaction() as session:
        maker = make_user(session, role=Role.ADMIN)
        made = ApiKeyService(session).add(
            name=" Warehouse  sync ", permissions=[READ, READ], maker=maker, asker=OPERATOR
        )
        assert made.key.name == "Warehouse sync"
        assert made.secret.startswith(made.key.prefix)
        assert len(made.secret) > 40
        assert made.secret not in (made.key.digest, made.key.prefix)
    with database.reading() as session:
        asker = asker_of(ApiKeyService(session).authenticate(made.secret))
        assert asker == AsStaff(maker.id, Role.ADMIN, frozenset({READ}), made.key.id)
        assert may(asker, READ)
        assert not may(asker, Permission.CUSTOMERS_WRITE)
        acts = list(session.scalars(select(AuditEntry)))
    assert [(act.action, act.target_id) for act in acts] == [("api_key.added", str(made.key.id))]


def test_it_never_carries_more_than_its_maker_has(database: Database) -> None:
    with database.transaction() as session:
        keys = ApiKeyService(session)
        agent = make_user(session, role=Role.AGENT)
        with pytest.raises(Invalid, match="agent"):
            keys.add(name="k", permissions=[Permission.AUDIT_READ], maker=agent, asker=OPERATOR)
        admin = make_user(session, role=Role.ADMIN)
        limited = AsStaff(admin.id, Role.ADMIN, frozenset({Permission.USERS_MANAGE}))
        with pytest.raises(NotAllowed):
            keys.add(name="k", permissions=[READ], maker=admin, asker=limited)
        made = keys.add(name="k", permissions=list(Permission), maker=admin, asker=OPERATOR)
        # A maker who is given a smaller role takes their keys along.
        admin.role = Role.ANALYST
        session.flush()
        asker = asker_of(keys.authenticate(made.secret))
        assert may(asker, READ)
        assert not may(asker, Permission.CUSTOMERS_WRITE)


@pytest.mark.parametrize("how", ["revoked", "expired", "disabled", "unknown"])
def test_a_key_that_ended_opens_nothing(database: Database, how: str) -> None:
    with database.transaction() as session:
        maker = make_user(session, role=Role.ADMIN)
        keys = ApiKeyService(session)
        made = keys.add(
            name="k",
            permissions=[READ],
            maker=maker,
            expires_at=utc_now() + timedelta(days=1),
            asker=OPERATOR,
        )
        secret = made.secret
        if how == "revoked":
            first = keys.revoke(made.key.id, asker=OPERATOR).revoked_at
            assert keys.revoke(made.key.id, asker=OPERATOR).revoked_at == first
        elif how == "expired":
            session.execute(update(ApiKey).values(expires_at=utc_now()))
        elif how == "disabled":
            UserService(session).disable(maker.email, asker=OPERATOR)
        else:
            secret = secret[:-1] + "\x00"
        with pytest.raises(NotAuthenticated):
            keys.authenticate(secret)


def test_its_use_is_noted_to_the_minute(database: Database) -> None:
    with database.transaction() as session:
        maker = make_user(session, role=Role.ADMIN)
        keys = ApiKeyService(session)
        secret = keys.add(name="k", permissions=[READ], maker=maker, asker=OPERATOR).secret
        key = keys.authenticate(secret)
        assert use_is_stale(key)
        keys.note_use(key)
        session.refresh(key)
        first = key.last_used_at
        assert not use_is_stale(key)
        keys.note_use(key)
        session.refresh(key)
        assert key.last_used_at == first


def test_only_those_who_manage_users_see_and_end_keys(database: Database) -> None:
    with database.transaction() as session:
        keys = ApiKeyService(session)
        maker = make_user(session, role=Role.ADMIN)
        made = keys.add(name="k", permissions=[READ], maker=maker, asker=OPERATOR)
        agent = AsStaff(new_id(), Role.AGENT)
        with pytest.raises(NotAllowed):
            keys.list(asker=agent)
        with pytest.raises(NotAllowed):
            keys.revoke(made.key.id, asker=agent)
        with pytest.raises(NotAllowed):
            keys.add(name="k", permissions=[READ], maker=maker, asker=agent)
        admin = AsStaff(maker.id, Role.ADMIN)
        assert [key.id for key in keys.list(asker=admin).items] == [made.key.id]
        with pytest.raises(NotFound):
            keys.revoke(new_id(), asker=admin)


def test_unacceptable_keys(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        maker = make_user(session, role=Role.ADMIN)
        keys = ApiKeyService(session)
        with pytest.raises(Invalid, match="name"):
            keys.add(name=" ", permissions=[READ], maker=maker, asker=OPERATOR)
        with pytest.raises(Invalid, match="permissions"):
            keys.add(name="k", permissions=[], maker=maker, asker=OPERATOR)
        with pytest.raises(Invalid, match="expires_at"):
            keys.add(
                name="k", permissions=[READ], maker=maker, expires_at=utc_now(), asker=OPERATOR
            )
        UserService(session).disable(maker.email, asker=OPERATOR)
        with pytest.raises(Conflict):
            keys.add(name="k", permissions=[READ], maker=maker, asker=OPERATOR)
