import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi_client._transport import bodies as _content
from openapi_client._transport.bodies import in_utf8, unpacked

_BODY = b'{"kind": "KeyList", "data": []}'


def _bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        pytest.param(_BODY, None, id="plain"),
        pytest.param(_BODY, "gzip", id="plain labelled gzip"),
        pytest.param(_BODY, "deflate", id="plain labelled deflate"),
        pytest.param(_BODY, "br", id="plain labelled br"),
        pytest.param(gzip.compress(_BODY), "gzip", id="gzip"),
        pytest.param(gzip.compress(_BODY), None, id="gzip without a label"),
        pytest.param(gzip.compress(_BODY), "deflate", id="gzip labelled deflate"),
        pytest.param(gzip.compress(_BODY), "identity", id="gzip labelled identity"),
        pytest.param(zlib.compress(_BODY), "deflate", id="deflate as documented"),
        pytest.param(zlib.compress(_BODY), " Deflate ", id="deflate, label in another case"),
        pytest.param(_bare_deflate(_BODY), "deflate", id="deflate as many send it"),
        pytest.param(
            gzip.compress(_BODY[:9]) + gzip.compress(_BODY[9:]), "gzip", id="gzip of two members"
        ),
        pytest.param(gzip.compress(_BODY) + b"\0\0", "gzip", id="gzip with padding"),
    ],
)
def test_body_comes_through(raw: bytes, encoding: str | None) -> None:
    """A body that was sent whole comes whole, however it is packed and labelled."""
    assert unpacked(raw, encoding) == _BODY


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(gzip.compress(_BODY)[:-9], id="cut short"),
        pytest.param(gzip.compress(_BODY)[:12] + b"garbage", id="damaged"),
        pytest.param(gzip.compress(_BODY) + gzip.compress(_BODY)[:-9], id="second member cut"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x1f\x8b", id="nothing but the magic"),
    ],
)
def test_what_cannot_be_unpacked_stays_as_it_came(raw: bytes, encoding: str | None) -> None:
    """What cannot be unpacked stays as it came."""
    assert unpacked(raw, encoding) == raw


@pytest.mark.parametrize("members", [1, 3])
def test_size_is_bounded(members: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that would unpack to too many bytes stays as it came."""
    monkeypatch.setattr(_content, "LARGEST_BODY", 30_000)
    bomb = gzip.compress(bytes(30_000 // members)) * members
    assert unpacked(bomb, "gzip") == bomb
    bearable = gzip.compress(bytes(29_997 // members)) * members
    assert len(unpacked(bearable, "gzip")) == 29_997


@given(st.binary(), st.none() | st.sampled_from(["gzip", "deflate", "br"]) | st.text())
def test_any_bytes_under_any_label(raw: bytes, encoding: str | None) -> None:
    """Any bytes under any label give bytes, and what was packed by gzip is unpacked."""
    assert unpacked(gzip.compress(raw), encoding) == raw
    assert isinstance(unpacked(raw, encoding), bytes)
    assert isinstance(unpacked(b"\x1f\x8b\x08" + raw, encoding), bytes)


@pytest.mark.parametrize(
    ("raw", "content_type", "recoded"),
    [
        (b"\xe9", "application/json; charset=iso-8859-1", "é".encode()),
        (b"\xe9", 'application/json; charset="ISO-8859-1"', "é".encode()),
        ("é".encode(), "application/json; charset=utf-8", "é".encode()),
        ("é".encode(), "application/json", "é".encode()),
        ("é".encode(), None, "é".encode()),
        (b"\xe9", "application/json; charset=utf-8", b"\xe9"),
        (b"\xe9", "application/json; charset=klingon", b"\xe9"),
        (b"\xe9", "application/json; charset=hex", b"\xe9"),
        (b"\xe9", "application/json; charset=a\0b", b"\xe9"),
        (b"+2AA-", "application/json; charset=utf-7", b"+2AA-"),
    ],
)
def test_charsets(raw: bytes, content_type: str | None, recoded: bytes) -> None:
    """A body in the charset of its label becomes UTF-8; under a wrong label it stays as it is."""
    assert in_utf8(raw, content_type) == recoded


_TYPES = st.text() | st.text().map("text/plain; charset={}".format)


@given(st.binary(), _TYPES | st.text().map("text/plain; charset*={}".format))
def test_any_bytes_in_any_charset(raw: bytes, content_type: str) -> None:
    """Any bytes under any media type give bytes."""
    assert isinstance(in_utf8(raw, content_type), bytes)
