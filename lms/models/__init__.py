"""What is remembered: the tables."""

from lms.models.activities import Activity, Quota
from lms.models.affiliations import PARTNERS, Affiliation, AffiliationKind
from lms.models.audit import AuditEntry, AuditHead
from lms.models.base import Base
from lms.models.certificates import Certificate, CertificateKind
from lms.models.courses import (
    Course,
    CourseFile,
    Programme,
    Question,
    Release,
    ReleaseReason,
    Unit,
    UnitKind,
)
from lms.models.learning import (
    OPEN_STATES,
    Answer,
    Approval,
    Attempt,
    Ending,
    Enrolment,
    EnrolmentStep,
    Grade,
    SurveyReceipt,
    SurveyResponse,
    UnitCompletion,
    Waiver,
    is_latest_grade,
)
from lms.models.messages import Delivery, Message, MessagePreference, MessageTemplate
from lms.models.people import (
    Gender,
    LoginToken,
    Person,
    PersonAddress,
    RoleGrant,
    SignIn,
    SignInFailure,
    Theme,
)
from lms.rules.activities import Route

__all__ = [
    "OPEN_STATES",
    "PARTNERS",
    "Activity",
    "Affiliation",
    "AffiliationKind",
    "Answer",
    "Approval",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Certificate",
    "CertificateKind",
    "Course",
    "CourseFile",
    "Delivery",
    "Ending",
    "Enrolment",
    "EnrolmentStep",
    "Gender",
    "Grade",
    "LoginToken",
    "Message",
    "MessagePreference",
    "MessageTemplate",
    "Person",
    "PersonAddress",
    "Programme",
    "Question",
    "Quota",
    "Release",
    "ReleaseReason",
    "RoleGrant",
    "Route",
    "SignIn",
    "SignInFailure",
    "SurveyReceipt",
    "SurveyResponse",
    "Theme",
    "Unit",
    "UnitCompletion",
    "UnitKind",
    "Waiver",
    "is_latest_grade",
]
