import pytest

from lms.content.svg import svg_faults


def svg(inner: str, attributes: str = "") -> bytes:
    head = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {head} {attributes}>{inner}</svg>".encode()


@pytest.mark.parametrize(
    "inner",
    [
        '<rect width="1" height="1" fill="url(#a)" style="fill: url(#a); stroke: red"/>',
        '<style>.a { fill: #123; }</style><text class="a">Ж</text>',
        '<use href="#a"/><use xlink:href="#a"/>',
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        "<title>A drawing</title><desc>url of it</desc>",
        '<!-- <script> --><a href="#x"><text>x</text></a>',
    ],
)
def test_a_drawing_may_be_shown(inner):
    assert svg_faults(svg(inner)) == []


@pytest.mark.parametrize(
    "data",
    [
        svg("<script>x</script>"),
        svg("<SCRIPT>x</SCRIPT>"),
        svg('<s:script xmlns:s="http://www.w3.org/2000/svg">x</s:script>'),
        svg("", 'onload="x"'),
        svg('<rect ONCLICK="x"/>'),
        svg("<foreignObject/>"),
        svg('<p xmlns="http://www.w3.org/1999/xhtml"/>'),
        svg('<image href="https://example.org/a.png"/>'),
        svg('<image href="data:text/html;base64,AAAA"/>'),
        svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
        svg('<a xlink:href="javascript:x"/>'),
        svg('<use href="other.svg#a"/>'),
        svg('<rect fill="url(https://example.org/#a)"/>'),
        svg('<rect style="fill: URL( &quot;//example.org&quot; )"/>'),
        svg("<style>@import 'x'</style>"),
        svg("<style>a { fill: u\\72l(x) }</style>"),
        svg('<set attributeName="href" to="javascript:x"/>'),
        svg('<animate attributeName="xlink:href" values="x"/>'),
        svg("<g>" * 300 + "</g>" * 300),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
        b'<?xml-stylesheet href="x"?>' + svg(""),
        b"<svg/>",
        b"<html/>",
        b"",
        b"not xml",
        svg("")[:-3],
        "<svg/>".encode("utf-16"),
        svg("&lol;"),
    ],
)
def test_what_is_more_than_a_drawing_is_refused(data):
    assert svg_faults(data)


def test_an_entity_bomb_is_refused_before_it_grows():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE svg [<!ENTITY e0 "x">{entities}]><svg>&e9;</svg>'
    assert svg_faults(bomb.encode()) == ["it has a document type (<!DOCTYPE)"]
