"""Canonical bytes and hashes, against literal vectors: these can never change."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kern.canoniek import NietCanoniek, blad, canoniek, moment_tekst, tekst_fout, vingerafdruk
from kern.klok import BRUSSEL
from oproepen.models import Taak


@pytest.mark.parametrize(
    ("waarde", "verwacht"),
    [
        (None, b"null"),
        (True, b"true"),
        (0, b"0"),
        (-(2**70), b"-1180591620717411303424"),
        ("", b'""'),
        ("e\u0301", b'"\xc3\xa9"'),
        ("\u212b", b'"\xc3\x85"'),
        ("\u2028 \U0001f600 €", b'"\xe2\x80\xa8 \xf0\x9f\x98\x80 \xe2\x82\xac"'),
        ('a"\\/\n\t\x01\x7f', b'"a\\"\\\\/\\n\\t\\u0001\x7f"'),
        ([], b"[]"),
        ((1, [2, {}]), b"[1,[2,{}]]"),
        ({"b": 1, "a": [None, False]}, b'{"a":[null,false],"b":1}'),
        ({"e\u0301": 1, "z": 2}, b'{"z":2,"\xc3\xa9":1}'),
        # By code point: in UTF-16 the emoji would come first.
        ({"\U0001f600": 1, "\uff5e": 2}, b'{"\xef\xbd\x9e":2,"\xf0\x9f\x98\x80":1}'),
        (date(2021, 11, 8), b'"2021-11-08"'),
        (datetime(2021, 11, 8, 9, tzinfo=BRUSSEL), b'"2021-11-08T08:00:00.000000Z"'),
        (Taak.Rol.JURYLID, b'"jurylid"'),
    ],
)
def test_known_bytes(waarde, verwacht):
    assert canoniek(waarde) == verwacht


@pytest.mark.parametrize(
    "waarde",
    [
        1.0,
        float("nan"),
        float("inf"),
        Decimal("1.50"),
        b"bytes",
        {1, 2},
        object(),
        "a\x00b",
        "\ud800",
        "a\udfff",
        {"a\x00": 1},
        {"\udc00": 1},
        {1: "a"},
        {None: 1},
        {"\u00e9": 1, "e\u0301": 2},
        datetime(2021, 11, 8, 9),  # noqa: DTZ001 - without a zone on purpose
        [[{"diep": [1.5]}]],
    ],
)
def test_refuses_what_has_no_canonical_form(waarde):
    with pytest.raises(NietCanoniek):
        canoniek(waarde)


_waarden = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text().filter(lambda t: tekst_fout(t) is None),
    lambda deel: st.lists(deel, max_size=4) | st.dictionaries(st.text("abcé", max_size=3), deel, max_size=4),
    max_leaves=12,
)


@given(_waarden)
def test_reading_and_writing_again_gives_the_same_bytes(waarde):
    tekst = canoniek(waarde)
    assert canoniek(json.loads(tekst)) == tekst


@given(st.dictionaries(st.text("abcd", max_size=3), st.integers(), min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_keys_were_put_in_does_not_matter(waarde, toeval):
    sleutels = list(waarde)
    toeval.shuffle(sleutels)
    assert canoniek({sleutel: waarde[sleutel] for sleutel in sleutels}) == canoniek(waarde)


@pytest.mark.parametrize(
    ("moment", "tekst"),
    [
        (datetime(2021, 11, 8, 8, 59, 59, 999999, tzinfo=BRUSSEL), "2021-11-08T07:59:59.999999Z"),
        (datetime(2021, 7, 1, 12, tzinfo=BRUSSEL), "2021-07-01T10:00:00.000000Z"),
        (datetime(2021, 10, 31, 2, 30, tzinfo=BRUSSEL, fold=0), "2021-10-31T00:30:00.000000Z"),
        (datetime(2021, 10, 31, 2, 30, tzinfo=BRUSSEL, fold=1), "2021-10-31T01:30:00.000000Z"),
        (datetime(2021, 1, 1, tzinfo=UTC), "2021-01-01T00:00:00.000000Z"),
        (datetime(2021, 1, 1, tzinfo=timezone(timedelta(hours=-5))), "2021-01-01T05:00:00.000000Z"),
    ],
)
def test_a_moment_is_written_in_utc(moment, tekst):
    assert moment_tekst(moment) == tekst


def test_fingerprint_is_sha256_of_the_parts():
    verwacht = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert vingerafdruk(b"abc").hex() == vingerafdruk(b"a", b"", b"bc").hex() == verwacht


@pytest.mark.parametrize(
    ("inhoud", "verwacht"),
    [
        # Published vectors of RFC 6962 leaves: the empty one, and the one of Certificate Transparency's own tests.
        (b"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (b"L123456", "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
    ],
)
def test_leaf_hash_of_rfc_6962(inhoud, verwacht):
    assert blad(inhoud).hex() == verwacht


@pytest.mark.parametrize("tekst", ["gewoon", "", "é\n\t", "\U0001f600", "\ufffe"])
def test_text_that_can_be_recorded(tekst):
    assert tekst_fout(tekst) is None


@pytest.mark.parametrize("tekst", ["\x00", "a\x00", "\ud83d", "a\udc00b"])
def test_text_that_cannot_be_recorded_gets_a_sentence(tekst):
    zin = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."
    assert tekst_fout(tekst) == zin
