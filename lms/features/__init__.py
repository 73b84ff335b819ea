"""What people do here, one package per kind of work. They do not import each other."""

from lms.features.about.views import bp as about
from lms.features.accounts.cli import people as people_commands
from lms.features.accounts.cli import roles as role_commands
from lms.features.accounts.views import bp as accounts
from lms.features.activities.cli import activities
from lms.features.activities.jobs import (
    expire_offers,
    release_unused_places,
    remind_of_decisions,
    warn_of_release,
)
from lms.features.activities.views import bp as activities_pages
from lms.features.admin.cli import database, doctor
from lms.features.admin.views import bp as admin
from lms.features.attempts.views import bp as attempts
from lms.features.audit.cli import audit as audit_log
from lms.features.audit.jobs import watch_audit
from lms.features.audit.views import bp as audit
from lms.features.authoring.cli import courses
from lms.features.authoring.converting import questions
from lms.features.authoring.views import bp as authoring
from lms.features.catalogue.views import bp as catalogue
from lms.features.certificates.views import bp as certificates
from lms.features.factors.views import bp as factors
from lms.features.joining.views import bp as joining
from lms.features.learning.jobs import end_places
from lms.features.learning.views import bp as learning
from lms.features.marking.views import bp as marking
from lms.features.messages.cli import messages as message_commands
from lms.features.messages.jobs import send_messages
from lms.features.messages.views import bp as messages
from lms.features.nominations.cli import load as load_people
from lms.features.nominations.uploads.jobs import apply_uploads
from lms.features.nominations.uploads.views import bp as uploads
from lms.features.nominations.views import bp as nominations
from lms.features.passwords.views import bp as passwords
from lms.features.people.merging import bp as people_records
from lms.features.privacy.cli import privacy as privacy_commands
from lms.features.privacy.jobs import keep_no_longer
from lms.features.privacy.views import bp as privacy
from lms.features.profile.views import bp as profile
from lms.features.quizzes.jobs import hand_in_overdue
from lms.features.quizzes.preview import bp as quizzes
from lms.features.regrading.jobs import apply_regrades
from lms.features.regrading.views import bp as regrading
from lms.features.reporting.cli import report
from lms.features.reporting.views import bp as reporting
from lms.features.results.views import bp as results
from lms.features.roles.views import bp as role_grants
from lms.features.sample.cli import sample
from lms.features.sessions.views import bp as sessions

BLUEPRINTS = (
    about,
    accounts,
    activities_pages,
    admin,
    attempts,
    audit,
    authoring,
    catalogue,
    certificates,
    factors,
    joining,
    learning,
    marking,
    messages,
    nominations,
    passwords,
    people_records,
    privacy,
    profile,
    quizzes,
    regrading,
    reporting,
    results,
    role_grants,
    sessions,
    uploads,
)
people_commands.add_command(load_people)
COMMANDS = (
    people_commands,
    role_commands,
    activities,
    database,
    courses,
    questions,
    report,
    sample,
    audit_log,
    message_commands,
    privacy_commands,
    doctor,
)
JOBS = (
    hand_in_overdue,
    apply_regrades,
    end_places,
    expire_offers,
    release_unused_places,
    warn_of_release,
    remind_of_decisions,
    apply_uploads,
    send_messages,
    watch_audit,
    keep_no_longer,
)
