"""Whether a drawing is only a drawing."""

import re
from collections.abc import Mapping
from xml.parsers import expat

_FORBIDDEN = frozenset(
    {"script", "foreignobject", "handler", "listener"}
    | {"iframe", "embed", "object", "audio", "video"}
)
_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_URL = re.compile(r"url\s*\(\s*(.)", re.IGNORECASE | re.DOTALL)
_REFERENCES = frozenset({"href", "src", "data", "action", "formaction"})


class _RefusedError(Exception):
    """Reading ends here; the fault has been noted."""


def svg_faults(data: bytes) -> list[str]:
    """What makes an SVG more than a drawing; empty when it may be shown.

    Refused are scripts, handlers, foreignObject, references that leave the file, and every
    document type: with it go entities, so nothing is ever expanded here.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
        return ["it is not saved as UTF-8"]
    faults: list[str] = []
    parser = expat.ParserCreate(encoding="UTF-8", namespace_separator="}")
    parser.buffer_text = True
    open_styles: list[str] = []
    depth = 0

    def refuse(fault: str) -> None:
        faults.append(fault)
        raise _RefusedError

    def start_doctype(*_: object) -> None:
        refuse("it has a document type (<!DOCTYPE)")

    def entity(*_: object) -> None:
        refuse("it defines an entity")

    def instruction(target: str, _: str) -> None:
        refuse(f"it has an instruction (<?{target[:40]})")

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        space, _, local = name.rpartition("}")
        depth += 1
        if depth == 1 and (space, local) != (_SVG, "svg"):
            refuse("its outermost element is no <svg> of the SVG namespace")
        if depth > 200:
            refuse("its elements are nested too deep")
        if local.lower() in _FORBIDDEN or space == _XHTML:
            faults.append(f"it has <{local[:40]}>")
        if local.lower() == "style":
            open_styles.append("")
        for key, value in attributes.items():
            faults.extend(_attribute_faults(local, key.rpartition("}")[2].lower(), value))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if name.rpartition("}")[2].lower() == "style" and open_styles:
            faults.extend(_style_faults(open_styles.pop()))

    def text(data: str) -> None:
        if open_styles:
            open_styles[-1] += data

    parser.StartDoctypeDeclHandler = start_doctype
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except _RefusedError:
        pass
    except expat.ExpatError as fault:
        faults.append(f"it is broken at line {fault.lineno}")
    return list(dict.fromkeys(faults))[:10]


def _attribute_faults(element: str, key: str, value: str) -> list[str]:
    if key.startswith("on"):
        return [f"it has the handler {key[:40]}"]
    if key in _REFERENCES and not value.strip().startswith("#"):
        if not _PICTURE.fullmatch(value.strip()):
            return [f"<{element[:40]}> refers to something outside the file"]
    elif key == "attributename" and value.strip().lower().rpartition(":")[2] in _REFERENCES:
        return [f"<{element[:40]}> changes a reference"]
    return _style_faults(value) if key == "style" or "url" in value.lower() else []


def _style_faults(text: str) -> list[str]:
    # an escape could spell url( or @import in another way
    if "\\" in text or "@import" in text.lower():
        return ["its style has an escape or an @import"]
    outside = any(found[1] not in "#'\"" for found in _URL.finditer(text))
    quoted = re.search(r"url\s*\(\s*['\"]\s*(?!#)", text, re.IGNORECASE)
    return ["its style refers to something outside the file"] if outside or quoted else []
