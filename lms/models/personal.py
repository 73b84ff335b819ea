"""What of every table is about a person: who may have a copy of it, and what erasure leaves.

Every column of every table stands here, so that a new one makes a test fail until somebody has
said what it is. `told` goes into "my data". `kept_back` does not: keys, links to other rows, hashes
and what staff do for themselves. `erased` says what a column holds once its person is erased; what
is not named there stays, for totals and proof, and points to somebody without a name.
"""

from dataclasses import dataclass, field
from typing import Any

from lms.models.people import Theme

ROW = "erased-{id}"  # a word of its own in each row, where the column must be unique
SOMEBODY = ("Erased", "person")  # given and family name


@dataclass(frozen=True, slots=True)
class Holding:
    """How the rows of a table lead to their person, and what becomes of its columns."""

    via: str  # the column that leads to the person, or to a row of another table here
    told: str = ""  # names of columns
    kept_back: str = ""
    erased: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        return [*self.told.split(), *self.kept_back.split()]


OF_PEOPLE: dict[str, Holding] = {
    "person": Holding(
        "id",
        "ref given_name family_name own_script_name family_name_first gender affiliation_id agency"
        " agency_type rank_band function languages time_zone language theme extra_time sign_in_name"
        " vouched_at joined_at password_at suspended_at suspended_why created_at erased_at",
        "id password_hash vouched_by merged_into",
        {
            "given_name": SOMEBODY[0],
            "family_name": SOMEBODY[1],
            "own_script_name": "",
            "family_name_first": False,
            "agency": "",
            "function": "",
            "languages": [],
            "time_zone": "Europe/Vienna",
            "language": "en",
            "theme": Theme.SYSTEM,
            "password_hash": None,
            "sign_in_name": None,
            "suspended_why": "",
        },
    ),
    "person_address": Holding(
        "person_id",
        "address is_primary confirmed_at bounced_at",
        "id person_id",
        {"address": ROW, "is_primary": False, "confirmed_at": None, "bounced_at": None},
    ),
    "address_token": Holding(
        "person_id",
        "address step made_at expires_at used_at ended_at",
        "id token_hash person_id",
        {"address": ROW},
    ),
    "registration": Holding(
        "person_id",
        "ref affiliation_id address particulars made_at decided_at granted reason",
        "id decided_by person_id",
        {"address": ROW, "particulars": {}, "reason": ""},
    ),
    "change_request": Holding(
        "person_id",
        "ref kind before wanted reason made_at first_at decided_at granted answer",
        "id person_id made_by first_by decided_by",
        {"before": {}, "wanted": {}, "reason": "", "answer": ""},
    ),
    "person_merge": Holding(
        "kept_id",
        "merged_at reason undone_at",
        "id ref kept_id gone_id moved merged_by undone_by",
        {"moved": {}, "reason": ""},
    ),
    "login_token": Holding(
        "person_id",
        "purpose made_at expires_at wrong_tries used_at ended_at",
        "id token_hash code_hash person_id made_by",
    ),
    "sign_in": Holding(
        "person_id",
        "role started_at last_seen device ended_at",
        "id ref id_hash person_id proved_at factor_at network",
        {"device": "", "network": ""},
    ),
    "second_factor": Holding(
        "person_id",
        "made_at confirmed_at ended_at",
        "id person_id secret last_step",
        {"secret": ""},
    ),
    "recovery_code": Holding("factor_id", "used_at", "id factor_id code_hash"),
    "role_grant": Holding(
        "person_id",
        "role reach granted_at reason until confirmed_at ended_at end_reason",
        "id ref person_id granted_by needs_second confirmed_by ended_by",
        {"reason": "", "end_reason": ""},
    ),
    "message_preference": Holding("person_id", "kind by_mail", "id person_id"),
    "outbox": Holding(
        "person_id",
        "ref kind address facts link made_at state sent_at read_at",
        "id event person_id token tries next_try_at error",
        {"address": "", "facts": {}, "link": "", "token": "", "error": ""},
    ),
    "erasure": Holding(
        "person_id",
        "ref asked_at first_at ended_at answer erased_at",
        "id person_id first_by second_by files",
        {"answer": ""},
    ),
    "audit_entry": Holding(  # what the person did; never changed, names nobody
        "actor_id",
        "at deed object",
        "id seq actor_id before after why previous_hash hash",
    ),
    "upload": Holding(
        "person_id",
        "ref name size made_at state row_count confirmed_at done ended_at",
        "id person_id affiliation_id activity_id sha256 encoding delimiter source cells expires_at"
        " all_or_nothing tells",
        {"name": "", "source": None, "cells": None},
    ),
    "upload_row": Holding(
        "person_id", "outcome remarks", "id upload_id number person_id", {"remarks": []}
    ),
    "enrolment": Holding(
        "person_id",
        "ref activity_id affiliation_id release_id state began_at completed_at last_unit last_at"
        " motivation rank waiting_since offered_until",
        "id person_id nominated_by nomination_key takes_over_id",
        {"motivation": ""},
    ),
    "enrolment_step": Holding(
        "enrolment_id",
        "enrolment_id number from_state to_state at reason",
        "id actor_id",
        {"reason": ""},
    ),
    "approval": Holding(
        "enrolment_id",
        "enrolment_id side decision at reason_code reason",
        "id actor_id",
        {"reason": ""},
    ),
    "waiver": Holding(
        "enrolment_id", "enrolment_id condition at reason", "id actor_id", {"reason": ""}
    ),
    "unit_completion": Holding("enrolment_id", "enrolment_id unit_key at", "id unit_id"),
    "survey_receipt": Holding("enrolment_id", "enrolment_id unit_key", "id"),
    "certificate": Holding(
        "enrolment_id",
        "enrolment_id kind code issued_at expires_on snapshot revoked_at",
        "id pdf_sha256 replaced_by",  # snapshot: see deeds/erasing.py
    ),
    "attempt": Holding(
        "enrolment_id",
        "ref enrolment_id unit_key number drawn language started_at deadline factor extra_minutes"
        " handed_in_at ending answers_erased_at",
        "id unit_id seed reached held_by held_at",
    ),
    "answer": Holding(
        "attempt_id",
        "attempt_id question_id value flagged saved_at",
        "id sequence device",  # value: texts go, see deeds/erasing.py
    ),
    "late_answer": Holding(
        "attempt_id",
        "attempt_id question_id value received_at accepted_at reason replaced",
        "id sequence device accepted_by",
        {"reason": ""},
    ),
    "essay": Holding(
        "attempt_id",
        "ref attempt_id question_id points steps comment marked_at",
        "id claimed_by claimed_until drafted_at marked_by",
        {"comment": ""},
    ),
    "grade": Holding(
        "attempt_id", "attempt_id number earned possible percent passed why at", "id marked_by"
    ),
    "regraded": Holding("attempt_id", "attempt_id outcome at", "id regrade_id"),
    "attempt_grant": Holding(
        "enrolment_id",
        "enrolment_id unit_key attempt_id minutes at reason",
        "id actor_id",
        {"reason": ""},
    ),
    "attempt_visit": Holding(
        "attempt_id",
        "attempt_id number network browser at",
        "id session",
        {"network": "", "browser": ""},
    ),
}

# Tables about courses, States and the running of the house. People stand in them only as who did
# something, by their key; `sign_in_failure` counts typed addresses by HMAC and knows no person.
OF_NOBODY: dict[str, str] = {
    "affiliation": "id code name kind joined languages",
    "affiliation_domain": "id affiliation_id domain",
    "audit_check": "id at entries fault",
    "audit_head": "id seq hash",
    "retention_run": "id at counts",
    "programme": "id slug title",
    "sign_in_failure": "id account network at",
    "course": "id slug programme_id created_at archived_at hides_names",
    "activity": "id course_id slug title route begins_at ends_at capacity seats_held created_at"
    " nomination_opens_at nomination_closes_at decision_at join_until release_at released_at"
    " substitute_until access_until archived_at approval_order second_focal_point asks_consent"
    " offer_hours common_pool conditions language funding_project donors women_target",
    "activity_time": "id activity_id unit_key minutes actor_id at reason",
    "quota": "id activity_id affiliation_id guaranteed maximum seats_held",
    "women_share_reason": "id activity_id affiliation_id text written_by written_at",
    "message_template": "id kind language subject body changed_at changed_by",
    "release": "id course_id number content_hash author_id reason note published_at renderer title"
    " summary subject level format language code minutes handling body search_text facts glossary",
    "course_file": "id release_id path sha256 size",
    "unit": "id release_id key module position kind title minutes required html facts",
    "question": "id unit_id question_id position points objective tags body html",
    "regrade": "id ref once course_id unit_key question_id unit_ids remedy key lowers tells why"
    " state asked_by asked_at confirmed_by confirmed_at ended_at",
    "survey_response": "key activity_id release_id unit_key month answers",
}
