"""Every address, with every method, for every role: the table in matrix.py, row by row."""

import re
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from organisaties.models import Gebruiker
from tests.hulp import momentopname, teruggedraaid
from tests.portaal.matrix import BIBLIOTHEEK, TABEL
from tests.portaal.pagina import Pagina, keur
from tests.portaal.toneel import DOELEN, ROLLEN, Doel, Toneel

ONBEKEND = {
    "pk": (999_999, 10**30),
    "nummer": ("AL-99999", "x"),
    "slug": ("bestaat-niet",),
    "luik": ("bestaat-niet",),
    "jaar": (1999, 10**30),
}


ROLLEN_MET_IETS = ("eigen", "blad", "voorz", "beh", "budg", "boek", "aud", "admin")


def _lees(tabel: str) -> dict[tuple[str, str], list[int]]:
    uit: dict[tuple[str, str], list[int]] = {}
    for regel in filter(None, map(str.strip, tabel.splitlines())):
        naam, methode, *statussen = regel.split()
        if naam == "adres":
            assert tuple(statussen) == ROLLEN
            continue
        assert (naam, methode) not in uit, f"{naam} {methode} staat er twee keer"
        assert len(statussen) == len(ROLLEN), regel
        uit[naam, methode] = [int(status) for status in statussen]
    return uit


RIJEN = _lees(TABEL)
VAN_BIBLIOTHEEK = {
    naam: (int(get), int(post))
    for naam, get, post in (regel.split() for regel in filter(None, map(str.strip, BIBLIOTHEEK.splitlines())))
}


def _adressen(resolver: Any = None) -> dict[str, URLPattern]:
    uit = {}
    for patroon in (resolver or get_resolver()).url_patterns:
        if isinstance(patroon, URLResolver):
            uit |= _adressen(patroon)
        else:
            assert patroon.name, f"{patroon} heeft geen naam"
            uit[patroon.name] = patroon
    return uit


ADRESSEN = _adressen()
EIGEN = sorted(naam for naam in ADRESSEN if not naam.startswith("account_"))


def test_every_address_has_rows_and_every_row_an_address():
    kaal = {(naam.split(":")[0], methode) for naam, methode in RIJEN}
    assert kaal == {(naam, methode) for naam in EIGEN for methode in ("GET", "POST")}
    assert set(VAN_BIBLIOTHEEK) == {naam for naam in ADRESSEN if naam.startswith("account_")}
    assert {naam for naam, _ in RIJEN} <= DOELEN.keys()


def test_addresses_of_the_library_are_the_library():
    for naam in VAN_BIBLIOTHEEK:
        assert ADRESSEN[naam].callback.__module__.startswith("allauth."), naam


def vraag(t: Toneel, naam: str, methode: str, wie: Gebruiker | None, d: Doel, **opties: Any) -> Any:
    """Send one request."""
    url = reverse(naam.split(":", maxsplit=1)[0], kwargs=d.args)
    for upload in d.data.get("bestanden", []):
        upload.seek(0)
    if "bestand" in d.data:
        d.data["bestand"].seek(0)
    client = t.browser(wie, **opties)
    antwoord = client.get(url + d.zoek) if methode == "GET" else getattr(client, methode.lower())(url, d.data)
    if antwoord.streaming:  # read to its end, a download closes its file
        antwoord.getvalue()
    return antwoord


@pytest.mark.parametrize(("naam", "methode"), RIJEN, ids=lambda waarde: waarde)
def test_row(toneel: Toneel, naam: str, methode: str):
    d = DOELEN[naam](toneel)
    verwacht = dict(zip(ROLLEN, RIJEN[naam, methode], strict=True))
    voor = momentopname()
    gekregen = {}
    doeners = {rol for rol, status in verwacht.items() if _doet(methode, rol, status)}
    with teruggedraaid():
        for rol in verwacht.keys() - doeners:
            gekregen[rol] = _bezoek(toneel, naam, methode, rol, d)
        assert momentopname() == voor, "een geweigerd verzoek wijzigde iets"
    for rol in doeners:
        with teruggedraaid():
            gekregen[rol] = _bezoek(toneel, naam, methode, rol, d)
            assert momentopname() != voor, f"{rol} deed niets"
    assert gekregen == verwacht


def _doet(methode: str, rol: str, status: int) -> bool:
    return methode == "POST" and rol != "anon" and status in {200, 302}


def _bezoek(t: Toneel, naam: str, methode: str, rol: str, d: Doel) -> int:
    antwoord = vraag(t, naam, methode, t.speler(rol, d.van), d)
    if antwoord.status_code == 302 and rol == "anon":
        assert antwoord["Location"].startswith(reverse("account_login") + "?next=/")
        _terug_na_aanmelden(antwoord["Location"])
    if antwoord.status_code in {403, 404, 405}:
        assert "Content-Disposition" not in antwoord
    if antwoord.status_code != 302 and antwoord["Content-Type"].startswith("text/html") and antwoord.content:
        keur(antwoord)
    return int(antwoord.status_code)


def _terug_na_aanmelden(location: str) -> None:
    # Where one lands after signing in must be a page that can be shown.
    pad = unquote(location.split("?next=")[1]).split("?", maxsplit=1)[0]
    naam = resolve(pad).url_name
    toegelaten = {n.split(":")[0] for (n, methode), rij in RIJEN.items() if methode == "GET" and set(rij) != {405}}
    assert naam in toegelaten, f"{naam} neemt geen GET"


@pytest.mark.parametrize("naam", [n for n in EIGEN if "<" in str(ADRESSEN[n].pattern)])
def test_what_does_not_exist_is_not_found(toneel: Toneel, naam: str):
    d = DOELEN[naam](toneel)
    methoden = [m for m in ("GET", "POST") if set(RIJEN[naam, m]) != {405}]
    voor = momentopname()
    for sleutel in d.args:
        # What no column can hold is the same to everybody.
        for onbekend, rollen in zip(ONBEKEND[sleutel], (ROLLEN_MET_IETS, ("eigen", "admin")), strict=False):
            ander = Doel({**d.args, sleutel: onbekend}, d.data)
            for rol, methode in product(rollen, methoden):
                with teruggedraaid():
                    antwoord = vraag(toneel, naam, methode, toneel.speler(rol, d.van), ander)
                    assert (rol, methode, antwoord.status_code) == (rol, methode, 404)
                    if not naam.endswith(("json", "bewaar")):
                        assert Pagina(antwoord).hoofding == "We vinden deze pagina niet"
    assert momentopname() == voor


@pytest.mark.een_databank
@pytest.mark.parametrize("naam", EIGEN)
def test_other_methods_do_not_exist(toneel: Toneel, naam: str):
    d = DOELEN[naam](toneel)
    for methode in ("PUT", "PATCH", "DELETE"):
        antwoord = vraag(toneel, naam, methode, toneel.speler("beh", d.van), Doel(d.args))
        assert antwoord.status_code == 405


@pytest.mark.een_databank
@pytest.mark.parametrize("naam", [n for n in EIGEN if set(RIJEN.get((n, "POST"), [405])) != {405}])
def test_a_post_without_csrf_token_does_nothing(toneel: Toneel, naam: str):
    d = DOELEN[naam](toneel)
    voor = momentopname()
    for rol in ("anon", "beh"):  # it is refused before anybody asks who it is
        antwoord = vraag(toneel, naam, "POST", toneel.speler(rol, d.van), d, enforce_csrf_checks=True)
        assert antwoord.status_code == 403
        assert keur(antwoord).hoofding == "Deze pagina stond te lang open"
    assert momentopname() == voor


@pytest.mark.een_databank
def test_every_page_has_its_own_title(toneel: Toneel):
    titels: dict[str, str] = {}
    for (naam, methode), statussen in RIJEN.items():
        if methode == "GET" and 200 in statussen and ":" not in naam:
            with teruggedraaid():
                d = DOELEN[naam](toneel)
                rol = ROLLEN[statussen.index(200)]
                antwoord = vraag(toneel, naam, "GET", toneel.speler(rol, d.van), d)
                if antwoord["Content-Type"].startswith("text/html"):
                    titels[naam] = re.sub(" – Oproepenloket$", "", Pagina(antwoord).titel)
    assert len(titels) > 20
    assert len(set(titels.values())) == len(titels), titels
    assert all(titels.values())


@pytest.mark.een_databank
@pytest.mark.parametrize("naam", VAN_BIBLIOTHEEK)
def test_row_of_the_library(toneel: Toneel, naam: str):
    args = {"key": "x"} if "confirm_email" in naam else {}
    if naam == "account_reset_password_from_key":
        args = {"uidb36": "1", "key": "x"}
    url = reverse(naam, kwargs=args)
    voor = momentopname()
    gekregen = []
    for methode in ("get", "post"):
        with teruggedraaid():
            antwoord = getattr(toneel.browser(None), methode)(url)
            gekregen.append(antwoord.status_code)
            if antwoord.status_code == 200:
                p = keur(antwoord)
                assert p.titel.endswith(" – Oproepenloket")
    assert tuple(gekregen) == VAN_BIBLIOTHEEK[naam]
    assert momentopname() == voor
