"""Who may do what, and how far it reaches: one table, read top to bottom.

Written from the matrix of the security requirements. What the table does not name is denied.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    FOCAL_POINT = "focal_point"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


STAFF = frozenset(Role) - {Role.OFFICER}  # signed out after 30 minutes instead of 60


class Permission(StrEnum):
    OWN_ACCOUNT = "accounts:own"
    LEARN = "learning:learn"  # take a place, read, answer, hold certificates
    READ_UNITS = "learning:read-units"
    SEE_OWN_COURSES = "authoring:see-courses"
    SEE_KEYS = "regrading:see-keys"  # questions with what is right
    REGRADE = "regrading:regrade"
    CONFIRM_REGRADE = "regrading:confirm"  # as the second person
    MARK = "marking:mark"
    SEE_RESULTS = "results:see-results"  # how questions work; with options only beside SEE_KEYS
    SEE_REPORT = "reporting:see-report"  # numbers and charts
    SEE_REPORT_ROWS = "reporting:see-rows"  # officers by name, and the file
    SEE_SCORES = "reporting:see-scores"
    OVERSEE_ATTEMPTS = "attempts:oversee"  # more time, another attempt, late answers
    SET_EXTRA_TIME = "attempts:set-extra-time"  # of a person, for all quizzes
    PREVIEW_QUIZ = "quizzes:preview"
    SEE_PEOPLE = "people:see"  # records of officers
    KEEP_PEOPLE = "people:keep"  # add, correct, invite, vouch for, suspend
    MERGE_PEOPLE = "people:merge"  # and move them to another State, with a second administrator
    NOMINATE = "nominations:nominate"  # officers of the own State, one by one and by file
    SEE_HEALTH = "admin:see-health"
    GRANT_ROLES = "roles:grant"
    MANAGE_ACTIVITIES = "activities:manage"  # set up, select, withdraw, waive
    READ_AUDIT = "audit:read"
    ERASE = "privacy:erase"
    END_SESSIONS = "sessions:end"  # of anybody; and lost second factors
    MANAGE_MESSAGES = "messages:manage"  # what was sent and failed, and the words of it


class Scope(StrEnum):
    SELF = "self"
    AFFILIATION = "affiliation"  # the person's own State or organization
    COURSES = "courses"  # those assigned
    ALL = "all"


GRANTS: dict[Role, dict[Permission, Scope]] = {
    Role.OFFICER: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.LEARN: Scope.SELF,
        Permission.READ_UNITS: Scope.SELF,
    },
    Role.FOCAL_POINT: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.READ_UNITS: Scope.SELF,
        Permission.NOMINATE: Scope.AFFILIATION,
        Permission.SEE_REPORT: Scope.AFFILIATION,
        Permission.SEE_REPORT_ROWS: Scope.AFFILIATION,
        Permission.SEE_PEOPLE: Scope.AFFILIATION,
        Permission.KEEP_PEOPLE: Scope.AFFILIATION,
    },
    Role.TRAINER: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.READ_UNITS: Scope.COURSES,
        Permission.SEE_OWN_COURSES: Scope.COURSES,
        Permission.SEE_KEYS: Scope.COURSES,
        Permission.REGRADE: Scope.COURSES,
        Permission.CONFIRM_REGRADE: Scope.COURSES,
        Permission.MARK: Scope.COURSES,
        Permission.SEE_RESULTS: Scope.COURSES,
        Permission.SEE_REPORT: Scope.COURSES,
        Permission.SEE_REPORT_ROWS: Scope.COURSES,
        Permission.SEE_SCORES: Scope.COURSES,
        Permission.OVERSEE_ATTEMPTS: Scope.COURSES,
        Permission.PREVIEW_QUIZ: Scope.COURSES,
    },
    Role.COORDINATOR: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.READ_UNITS: Scope.ALL,
        Permission.SEE_OWN_COURSES: Scope.ALL,
        Permission.CONFIRM_REGRADE: Scope.ALL,
        Permission.SEE_RESULTS: Scope.ALL,
        Permission.SEE_REPORT: Scope.ALL,
        Permission.SEE_REPORT_ROWS: Scope.ALL,
        Permission.SEE_SCORES: Scope.ALL,
        Permission.OVERSEE_ATTEMPTS: Scope.ALL,
        Permission.PREVIEW_QUIZ: Scope.ALL,
        Permission.SET_EXTRA_TIME: Scope.ALL,
        Permission.SEE_PEOPLE: Scope.ALL,
        Permission.MANAGE_ACTIVITIES: Scope.ALL,
        Permission.READ_AUDIT: Scope.SELF,
    },
    Role.ADMINISTRATOR: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.READ_UNITS: Scope.ALL,
        Permission.SEE_OWN_COURSES: Scope.ALL,
        Permission.SEE_PEOPLE: Scope.ALL,
        Permission.KEEP_PEOPLE: Scope.ALL,
        Permission.MERGE_PEOPLE: Scope.ALL,
        Permission.SEE_HEALTH: Scope.ALL,
        Permission.GRANT_ROLES: Scope.ALL,
        Permission.END_SESSIONS: Scope.ALL,
        Permission.MANAGE_MESSAGES: Scope.ALL,
        Permission.READ_AUDIT: Scope.ALL,
        Permission.ERASE: Scope.ALL,
    },
    Role.AUDITOR: {
        Permission.OWN_ACCOUNT: Scope.SELF,
        Permission.SEE_REPORT: Scope.ALL,
        Permission.READ_AUDIT: Scope.ALL,
    },
}


# Over the courses of one programme; what is not named here needs a role over everything.
BY_COURSE = frozenset(
    {
        Permission.READ_UNITS,
        Permission.SEE_OWN_COURSES,
        Permission.CONFIRM_REGRADE,
        Permission.SEE_RESULTS,
        Permission.SEE_REPORT,
        Permission.SEE_REPORT_ROWS,
        Permission.SEE_SCORES,
        Permission.OVERSEE_ATTEMPTS,
        Permission.PREVIEW_QUIZ,
        Permission.MANAGE_ACTIVITIES,
    }
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one person's permission goes; empty ids reach nothing."""

    scope: Scope | None
    ids: frozenset[int] = frozenset()  # of courses or affiliations

    def covers(self, *, course: int | None = None, affiliation: int | None = None) -> bool:
        match self.scope:
            case Scope.ALL:
                return True
            case Scope.COURSES:
                return course in self.ids
            case Scope.AFFILIATION:
                return affiliation in self.ids
            case _:
                return False


def scope_of(role: Role, permission: Permission) -> Scope | None:
    """How far the permission reaches for the role; None where it does not."""
    return GRANTS[role].get(permission)


def reach_of(
    role: Role,
    permission: Permission,
    *,
    courses: Collection[int],
    affiliations: Collection[int],
    everything: bool = True,
) -> Reach:
    """The reach of a person who works as `role` with grants over these courses and affiliations.

    Without `everything` no grant is over all, as of a coordinator of some programmes: then what
    the table gives over all reaches these courses, where it can be told by course, and else
    nothing.
    """
    scope = scope_of(role, permission)
    if scope is Scope.ALL and not everything:
        by_course = permission in BY_COURSE
        return Reach(Scope.COURSES, frozenset(courses)) if by_course else Reach(None)
    match scope:
        case Scope.COURSES:
            return Reach(scope, frozenset(courses))
        case Scope.AFFILIATION:
            return Reach(scope, frozenset(affiliations))
        case _:
            return Reach(scope)
