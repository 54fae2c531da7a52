"""Amounts at the edge: read in one way only, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kern import geld
from kern.weigering import Weigering


@pytest.mark.parametrize(
    ("tekst", "cent"),
    [
        ("1.234,56", 123456),
        ("1234,56", 123456),
        ("1234.56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234,56", 123456),
        ("1.234", 123400),
        ("1 234", 123400),
        ("1.234.567", 123456700),
        ("12.345.678,90", 1234567890),
        ("1234", 123400),
        ("1234,5", 123450),
        ("1234.5", 123450),
        ("0", 0),
        ("0,00", 0),
        ("0,01", 1),
        ("0.01", 1),
        ("007", 700),
        ("  50  ", 5000),
        ("€ 1.234,56", 123456),
        ("€1.234,56", 123456),
        ("1.234,56 €", 123456),
        ("1.234,56 euro", 123456),
        ("1.234,56 EUR", 123456),
        ("-50,25", -5025),
        ("\u221250,25", -5025),
        ("-1.234", -123400),
        ("100.000.000.000", geld.HOOGSTE_CENT),
        ("-100.000.000.000", -geld.HOOGSTE_CENT),
    ],
)
def test_reads_an_amount(tekst, cent):
    assert geld.lees_bedrag(tekst) == cent


@pytest.mark.parametrize(
    "tekst",
    [
        "1,234.56",
        "12.345.67",
        "1.23,45",
        "1.2345",
        "1234.567.8",
        "1 23",
        "12 3456",
        "1.234 567",
        "1.234 567,89",
        "5€50",
        "12€,50",
        "1,",
        "1.",
        ",5",
        ".5",
        "",
        "   ",
        "-",
        "--5",
        "5-",
        "+5",
        "€",
        "euro",
        "abc",
        "12a",
        "1e3",
        "0x10",
        "NaN",
        "Infinity",
        "1_000",
        "½",
        "5²",
        "1\x00",
    ],
)
def test_refuses_what_can_be_read_in_two_ways_or_not_at_all(tekst):
    with pytest.raises(Weigering) as gevangen:
        geld.lees_bedrag(tekst)
    assert gevangen.value.code == "bedrag_onleesbaar"
    assert gevangen.value.zin == f"Het bedrag '{tekst}' kan niet gelezen worden. Schrijf het als 1.234,56."


@pytest.mark.parametrize("tekst", ["1,234", "12,345", "-123,456", "€ 1,234"])
def test_says_that_an_amount_can_be_read_in_two_ways(tekst):
    with pytest.raises(Weigering) as gevangen:
        geld.lees_bedrag(tekst)
    zin = f"Het bedrag '{tekst}' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."
    assert (gevangen.value.code, gevangen.value.zin) == ("bedrag_onleesbaar", zin)


@pytest.mark.parametrize("tekst", ["12.345,678", "1234,567", "1,2345", "1 234,567 euro"])
def test_says_that_an_amount_has_too_many_decimals(tekst):
    with pytest.raises(Weigering) as gevangen:
        geld.lees_bedrag(tekst)
    zin = "Een bedrag heeft hoogstens twee cijfers na de komma."
    assert (gevangen.value.code, gevangen.value.zin) == ("bedrag_onleesbaar", zin)


def test_the_sentence_shows_at_most_forty_characters_of_what_was_typed():
    with pytest.raises(Weigering) as gevangen:
        geld.lees_bedrag("x" * 41)
    assert gevangen.value.zin == f"Het bedrag '{'x' * 40}' kan niet gelezen worden. Schrijf het als 1.234,56."


@pytest.mark.parametrize("tekst", ["100.000.000.000,01", "-100000000000.01", "9" * 19, "9" * 26])
def test_refuses_a_huge_amount(tekst):
    with pytest.raises(Weigering, match=r"^Dit bedrag is te groot\.$"):
        geld.lees_bedrag(tekst)


def test_refuses_an_endless_amount():
    with pytest.raises(Weigering, match=r"^Dit bedrag kan niet gelezen worden\.$"):
        geld.lees_bedrag("9" * 400)


@given(st.integers(-geld.HOOGSTE_CENT, geld.HOOGSTE_CENT))
def test_what_is_written_is_read_back(cent):
    assert geld.lees_bedrag(geld.getal_tekst(cent)) == cent
    assert geld.lees_bedrag(geld.euro_tekst(cent)) == cent
    assert geld.lees_bedrag(geld.decimaal_tekst(cent)) == cent
    assert geld.naar_cent(geld.euro(cent)) == cent


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(tekst):
    try:
        cent = geld.lees_bedrag(tekst)
    except Weigering:
        return
    assert isinstance(cent, int)
    assert geld.lees_bedrag(geld.getal_tekst(cent)) == cent


@pytest.mark.parametrize(
    ("cent", "euro", "getal"),
    [(0, "0.00", "0,00"), (1, "0.01", "0,01"), (123456, "1234.56", "1.234,56"), (-5, "-0.05", "-0,05")],
)
def test_writes_an_amount(cent, euro, getal):
    assert geld.decimaal_tekst(cent) == euro == str(geld.euro(cent))
    assert geld.getal_tekst(cent) == getal
    assert geld.euro_tekst(cent) == f"{getal} euro"


def test_nothing_stays_nothing():
    assert geld.decimaal_tekst(None) is None


@pytest.mark.parametrize("bedrag", ["0.001", "1.005", "1.000000000000000000000000000000001", "NaN"])
def test_refuses_more_than_two_places(bedrag):
    with pytest.raises(Weigering, match=r"^Een bedrag heeft hoogstens twee cijfers na de komma\.$"):
        geld.naar_cent(Decimal(bedrag))


@pytest.mark.parametrize("bedrag", ["Infinity", "-Infinity", "sNaN", "1e30", "99999999999999999999999999999.99"])
def test_refuses_a_decimal_that_is_no_amount(bedrag):
    with pytest.raises(Weigering, match=r"^Dit bedrag kan niet gelezen worden\.$"):
        geld.naar_cent(Decimal(bedrag))


@pytest.mark.parametrize(("bedrag", "cent"), [("12.34", 1234), ("12.3400", 1234), ("1E+3", 100000), ("-0.01", -1)])
def test_reads_a_decimal(bedrag, cent):
    assert geld.naar_cent(Decimal(bedrag)) == cent
