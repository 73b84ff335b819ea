"""Random references in addresses, such as k7wq-3mzt-9hxd-4cvn."""

from werkzeug.routing import BaseConverter, ValidationError

from lms.rules.references import typed_reference


class ReferenceConverter(BaseConverter):
    """`<ref:ref>`; an address that is no reference does not exist."""

    def to_python(self, value: str) -> str:
        reference = typed_reference(value)
        if reference is None:
            raise ValidationError
        return reference
