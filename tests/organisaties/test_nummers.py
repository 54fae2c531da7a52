"""KBO and IBAN as people write them: read exactly, or refused with one sentence at the field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kern.weigering import Weigering
from organisaties.nummers import iban_leesbaar, lees_iban, lees_kbo

KBO_ZIN = "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
IBAN_ZIN = "Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034."
stil = settings(derandomize=True, database=None, deadline=None)


def fout_van(lees, tekst):
    with pytest.raises(Weigering) as gevangen:
        lees(tekst)
    return (gevangen.value.code, gevangen.value.zin, gevangen.value.veld)


@pytest.mark.parametrize(
    ("tekst", "nummer"),
    [
        ("0207508932", "0207508932"),
        ("0207.508.932", "0207508932"),
        ("0207 508 932", "0207508932"),
        ("  0207.508.932\t", "0207508932"),
        ("0207\u00a0508\u00a0932", "0207508932"),
        ("BE 0207.508.932", "0207508932"),
        ("be0207508932", "0207508932"),
        ("207508932", "0207508932"),
        ("1000.000.021", "1000000021"),
    ],
)
def test_a_kbo_number_is_read_however_it_is_typed(tekst, nummer):
    assert lees_kbo(tekst) == nummer


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "   ",
        "0207508933",  # one off: wrong check digits
        "0270508932",  # two digits swapped
        "020750893",
        "02075089322",
        "2207508932",  # starts with neither 0 nor 1
        "0000000000",
        "02075O8932",  # a letter O
        "NL0207508932",
        "٠٢٠٧٥٠٨٩٣٢",
        "0207508932\x00",
        "geen",
    ],
)
def test_a_wrong_kbo_number_is_refused_at_its_field(tekst):
    assert fout_van(lees_kbo, tekst) == ("kbo_ongeldig", KBO_ZIN, "kbo")


@stil
@given(st.integers(0, 19_999_999))
def test_exactly_one_pair_of_check_digits_makes_a_kbo_number(basis):
    geldig = []
    for controle in range(100):
        nummer = f"{basis:08d}{controle:02d}"
        try:
            assert lees_kbo(nummer) == nummer
        except Weigering:
            continue
        geldig.append(controle)
    assert geldig == [97 - basis % 97]


@pytest.mark.parametrize(
    ("tekst", "nummer"),
    [
        ("BE68539007547034", "BE68539007547034"),  # bank code 539, which python-stdnum refuses for Belgium
        ("BE68 5390 0754 7034", "BE68539007547034"),
        (" be68-5390-0754-7034 ", "BE68539007547034"),
        ("BE68\u00a05390\u00a00754\u00a07034", "BE68539007547034"),
        ("BE71096123456769", "BE71096123456769"),
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        ("FR1420041010050500013M02606", "FR1420041010050500013M02606"),
        ("LU280019400644750000", "LU280019400644750000"),
    ],
)
def test_an_iban_is_read_however_it_is_typed(tekst, nummer):
    assert lees_iban(tekst) == nummer


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "BE",
        "BE68539007547035",  # wrong mod 97 of the IBAN
        "BE86539007547034",  # check digits swapped
        "BE66539007547035",  # right for the IBAN, wrong for the Belgian account itself
        "BE6853900754703",
        "BE685390075470340",
        "BE68539007547O34",
        "BE68ABCD07547034",
        "NL91ABNA0417164301",
        "XX68539007547034",
        "539-0075470-34",
        "BE٦٨539007547034",  # digits that are not 0-9, in the check digits
        "BE6853900754703٤",
        "BE68539007547034\x00",
    ],
)
def test_a_wrong_iban_is_refused_at_its_field(tekst):
    assert fout_van(lees_iban, tekst) == ("iban_ongeldig", IBAN_ZIN, "iban")


@stil
@given(st.text(max_size=40))
def test_any_text_is_read_as_a_plain_iban_or_refused(tekst):
    try:
        nummer = lees_iban(tekst)
    except Weigering:
        assert fout_van(lees_iban, tekst) == ("iban_ongeldig", IBAN_ZIN, "iban")
        return
    assert nummer.isascii()
    assert lees_iban(iban_leesbaar(nummer)) == nummer


@stil
@given(st.integers(0, 10**10 - 1), st.integers(0, 15), st.integers(1, 9))
def test_a_belgian_iban_with_one_wrong_digit_is_refused(basis, plaats, verschil):
    bban = f"{basis:010d}{basis % 97 or 97:02d}"
    controle = 98 - int(f"{bban}111400") % 97
    goed = f"BE{controle:02d}{bban}"
    assert lees_iban(goed) == goed
    if plaats > 1:
        cijfer = (int(goed[plaats]) + verschil) % 10
        fout = f"{goed[:plaats]}{cijfer}{goed[plaats + 1 :]}"
        assert fout_van(lees_iban, fout) == ("iban_ongeldig", IBAN_ZIN, "iban")


def test_an_iban_is_shown_in_groups_of_four():
    assert iban_leesbaar("BE68539007547034") == "BE68 5390 0754 7034"
    assert iban_leesbaar("FR1420041010050500013M02606") == "FR14 2004 1010 0505 0001 3M02 606"
