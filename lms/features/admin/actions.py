"""What an operator changes."""

from lms.database import transaction
from lms.deeds import affiliations


def load_affiliations() -> int:
    """Bring States, Partners and organizations in step with their file."""
    with transaction() as session:
        return affiliations.load(session)
