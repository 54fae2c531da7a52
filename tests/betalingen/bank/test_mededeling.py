"""The structured communication: made, read, shown, found in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betalingen.bank import mededeling
from betalingen.bank.mededeling import Reeks
from kern.weigering import Weigering


@pytest.mark.parametrize(
    ("sleutel", "reeks", "ogm"),
    [
        (1, Reeks.BETALING, "100000000135"),
        (1, Reeks.TERUGVORDERING, "200000000169"),
        (234567890, Reeks.BETALING, "123456789002"),
        (999_999_999, Reeks.BETALING, "199999999967"),
        # The remainder of 1000000063 is 0, so its check digits are 97.
        (63, Reeks.BETALING, "100000006397"),
    ],
)
def test_mededeling_van_een_sleutel(sleutel, reeks, ogm):
    assert mededeling.maak(sleutel, reeks) == ogm
    assert int(ogm[10:]) == (int(ogm[:10]) % 97 or 97)
    assert mededeling.herken(ogm) == (reeks, sleutel)


@pytest.mark.parametrize("sleutel", [0, -1, 10**9])
def test_sleutel_zonder_plaats(sleutel):
    with pytest.raises(ValueError, match="geen plaats voor sleutel"):
        mededeling.maak(sleutel)


@pytest.mark.parametrize(
    "tekst",
    [
        "123456789002",
        "+++123/4567/89002+++",
        "***123/4567/89002***",
        " +++ 123/4567/89002 +++ ",
        "123/4567/89002",
        "123 / 4567 / 89002",
    ],
)
def test_lezen_zoals_mensen_schrijven(tekst):
    assert mededeling.lees(tekst) == "123456789002"
    assert mededeling.schrijf(tekst) == "+++123/4567/89002+++"


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "123456789003",
        "12345678900",
        "1234567890022",
        "+++123/4567/8900+++",
        "12/34567/89002",
        "RF18539007547034",
        "１２３４５６７８９００２",
        "000000000000",
    ],
)
def test_ongeldige_mededeling(tekst):
    with pytest.raises(Weigering) as fout:
        mededeling.lees(tekst)
    assert (fout.value.code, fout.value.veld) == ("mededeling_ongeldig", "mededeling")
    assert fout.value.zin == "Dit is geen geldige gestructureerde mededeling. Schrijf ze als +++123/4567/89002+++."
    assert not mededeling.is_geldig(tekst)
    assert mededeling.herken(tekst) is None


def test_mededeling_van_een_ander_is_geen_sleutel():
    assert mededeling.is_geldig("010806817183")
    assert mededeling.herken("010806817183") is None
    assert mededeling.herken("100000000003") is None  # our series, key 0


@pytest.mark.parametrize(
    ("tekst", "ogm"),
    [
        ("Terugbetaling +++123/4567/89002+++ dank u", "123456789002"),
        ("***123456789002***", "123456789002"),
        ("123/4567/89002", "123456789002"),
        ("factuur 123456789002", ""),  # any number of twelve digits
        ("+++123/4567/89003+++", ""),
        ("+++123/4567/89002+++ en +++100/0000/00135+++", ""),
        ("+++123/4567/89002+++ en 123/4567/89002", "123456789002"),
        ("9123/4567/890021", ""),
        ("", ""),
    ],
)
def test_zoeken_in_een_tekst(tekst, ogm):
    assert mededeling.zoek(tekst) == ogm


@given(st.integers(1, mededeling.HOOGSTE_SLEUTEL), st.sampled_from(Reeks))
def test_heen_en_terug(sleutel, reeks):
    ogm = mededeling.maak(sleutel, reeks)
    assert mededeling.lees(mededeling.schrijf(ogm)) == ogm
    assert mededeling.herken(ogm) == (reeks, sleutel)
    assert mededeling.zoek(f"x {mededeling.schrijf(ogm)} y") == ogm


@given(st.text())
def test_geen_tekst_breekt_het_zoeken(tekst):
    assert mededeling.zoek(tekst) == "" or mededeling.is_geldig(mededeling.zoek(tekst))
