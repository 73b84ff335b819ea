"""Making a certificate's file, once."""

from sqlalchemy import select

from lms import storage
from lms.database import transaction
from lms.features.certificates.paper import make_pdf
from lms.models import Certificate


def pdf_of(certificate_id: int) -> bytes:
    """The file, made from the snapshot at the first call and the same bytes ever after.

    Two that ask at once make the same bytes: what is kept is found by its hash.
    """
    with transaction() as session:
        certificate = session.scalars(
            select(Certificate).filter_by(id=certificate_id).with_for_update()
        ).one()
        if certificate.pdf_sha256 is None:
            certificate.pdf_sha256 = storage.put(make_pdf(certificate.snapshot))
        return storage.get(certificate.pdf_sha256)
