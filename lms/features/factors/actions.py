"""What changes when people prove who they are, and set a second factor up."""

from datetime import datetime

from sqlalchemy import or_, select, update

from lms.database import transaction
from lms.deeds import audit, sessions, tries
from lms.deeds.audit import AnySession
from lms.deeds.messages import tell
from lms.features.factors import codes
from lms.models import Person, RecoveryCode, SecondFactor
from lms.rules.factors import typed_recovery_code
from lms.rules.messages import Kind
from lms.rules.refusal import Refusal


def count_try(account: str, now: datetime) -> datetime | None:
    """Count one try; gives the instant to wait for, or None when the try may be looked at."""
    with transaction() as session:
        return tries.count(session, account=account, network=account, now=now)


def prove(sign_in_id: int, person_id: int, id_hash: str, *, account: str, now: datetime) -> None:
    """The password was right again: the session goes on under a new id, freshly proved."""
    with transaction() as session:
        sessions.go_on(session, sign_in_id, id_hash, now=now, proved_at=now)
        tries.forget(session, account=account)
        audit.record(session, now=now, deed="proved identity", actor=person_id)


def show(
    sign_in_id: int,
    person_id: int,
    typed: str,
    id_hash: str,
    *,
    account: str,
    now: datetime,
    is_proof: bool = False,
) -> bool:
    """Take a code of the app or a recovery code, once; False when it does not fit.

    The session then goes on under a new id. With `is_proof` the password has been given as well.
    """
    with transaction() as session:
        factor = _in_use(session, person_id)
        used = factor and _use(session, factor, typed, now)
        if not used:
            return False
        proof = {"proved_at": now} if is_proof else {}
        sessions.go_on(session, sign_in_id, id_hash, now=now, factor_at=now, **proof)
        tries.forget(session, account=account)
        audit.record(session, now=now, deed=used, actor=person_id)
        return True


def _in_use(session: AnySession, person_id: int) -> SecondFactor | None:
    return session.scalar(
        select(SecondFactor)
        .where(
            SecondFactor.person_id == person_id,
            SecondFactor.ended_at.is_(None),
            SecondFactor.confirmed_at.is_not(None),
        )
        .with_for_update()
    )


def _use(session: AnySession, factor: SecondFactor, typed: str, now: datetime) -> str:
    """What was done with the code, in the words of the audit log; empty when it does not fit."""
    step = codes.step_of(factor.secret, factor.person_id, typed, now)
    if step is not None:
        taken = session.scalar(
            update(SecondFactor)
            .where(
                SecondFactor.id == factor.id,
                or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step),
            )
            .values(last_step=step)
            .returning(SecondFactor.id)
        )
        return "showed the second factor" if taken else ""
    code = typed_recovery_code(typed)
    if code is None:
        return ""
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.factor_id == factor.id,
            RecoveryCode.code_hash == codes.hashed(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if used is None:
        return ""
    _told(session, factor.person_id, f"recovery_code:{used}:used", now)
    return "used a recovery code"


def _told(session: AnySession, person_id: int, event: str, now: datetime) -> None:
    tell(
        session,
        person_id=person_id,
        kind=Kind.FACTOR_CHANGED,
        event=event,
        now=now,
        facts={"changed_at": now.isoformat()},
        link="/account/factor",
    )


def begin(person_id: int, now: datetime) -> None:
    """A new secret to set an app up with; one that was not confirmed is void."""
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        _end_set_ups(session, person_id, now)
        secret = codes.sealed(codes.new_secret(), person_id)
        session.add(SecondFactor(person_id=person_id, secret=secret, made_at=now))


def _end_set_ups(session: AnySession, person_id: int, now: datetime) -> None:
    session.execute(
        update(SecondFactor)
        .where(
            SecondFactor.person_id == person_id,
            SecondFactor.ended_at.is_(None),
            SecondFactor.confirmed_at.is_(None),
        )
        .values(ended_at=now)
    )


def confirm(
    sign_in_id: int, person_id: int, typed: str, id_hash: str, *, account: str, now: datetime
) -> list[str]:
    """Use the app from now on; gives the recovery codes, to be shown this one time.

    An app of before and all other sessions end. Gives an empty list when the code does not fit.
    Raises Refusal when nothing is being set up.
    """
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        new = session.scalar(
            select(SecondFactor).where(
                SecondFactor.person_id == person_id,
                SecondFactor.ended_at.is_(None),
                SecondFactor.confirmed_at.is_(None),
            )
        )
        if new is None:
            raise Refusal("No app is being set up. Begin again.")
        step = codes.step_of(new.secret, person_id, typed, now)
        if step is None:
            return []
        old = _in_use(session, person_id)
        if old is not None:
            old.ended_at = now
            session.flush()  # one in use at a time: the old one goes first
        new.confirmed_at, new.last_step = now, step
        given = _give_codes(session, new)
        begun = sessions.go_on(session, sign_in_id, id_hash, now=now, factor_at=now)
        sessions.end_all(session, person_id, now=now, keep=begun.id)
        tries.forget(session, account=account)
        _told(session, person_id, f"second_factor:{new.id}:confirmed", now)
        audit.record(session, now=now, deed="set up a second factor", actor=person_id)
        return given


def _give_codes(session: AnySession, factor: SecondFactor) -> list[str]:
    given = codes.new_recovery_codes()
    session.add_all(
        RecoveryCode(factor_id=factor.id, code_hash=codes.hashed(code)) for code in given
    )
    return given


def renew_codes(person_id: int, now: datetime) -> list[str]:
    """New recovery codes, to be shown this one time; those of before are void."""
    with transaction() as session:
        factor = _in_use(session, person_id)
        if factor is None:
            raise Refusal("You use no app for codes. Set one up first.")
        session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.factor_id == factor.id, RecoveryCode.used_at.is_(None))
            .values(used_at=now)
        )
        given = _give_codes(session, factor)
        _told(session, person_id, f"second_factor:{factor.id}:codes:{now.isoformat()}", now)
        audit.record(session, now=now, deed="made new recovery codes", actor=person_id)
        return given


def end(sign_in_id: int, person_id: int, id_hash: str, now: datetime) -> None:
    """Sign in without an app from now on; all other sessions end."""
    with transaction() as session:
        factor = _in_use(session, person_id)
        if factor is None:
            raise Refusal("You use no app for codes. Set one up first.")
        factor.ended_at = now
        begun = sessions.go_on(session, sign_in_id, id_hash, now=now, factor_at=None)
        sessions.end_all(session, person_id, now=now, keep=begun.id)
        _told(session, person_id, f"second_factor:{factor.id}:ended", now)
        audit.record(session, now=now, deed="ended a second factor", actor=person_id)
