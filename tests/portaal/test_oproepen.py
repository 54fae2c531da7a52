"""The public list of calls: what a visitor finds, by words and filters, and in which order."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kern import klok
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Actie, Oproep, Plan, Speerpunt
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import oproepgegevens
from tests.onthouden import onthoudt
from tests.portaal.pagina import Pagina, keur

pytestmark = pytest.mark.django_db
NU = klok.brussel(2021, 7, 1, 9)


def rondes(*data: tuple[datetime, datetime]) -> list[dict[str, Any]]:
    """Return the rounds of a data file."""
    gewoon = {"selectie": "rangschikking", "minimumscore": 60, "lezers_per_dossier": 2}
    return [
        {"nr": nr, "opent": opent.isoformat(), "sluit": sluit.isoformat(), **gewoon}
        for nr, (opent, sluit) in enumerate(data, 1)
    ]


def maak(w: bouw.Wereld, slug: str, *, publiceer: bool = True, **anders: Any) -> Oproep:
    """Draft a call and publish it, or leave it announced."""
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(slug=slug, code=slug[:5].upper(), titel=f"Oproep {slug}", **anders)
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    if not publiceer:
        return oproepen.kondig_aan(oproep, door=w.beheer)
    for wie in ("bea", "bart"):
        oproepen.geef_taak(oproep, gebruiker=w.mensen[wie], rol=bouw.ROLLEN[wie], door=w.beheer)
    oproepen.leg_oproep_voor(oproep, door=w.bea)
    return oproepen.publiceer(oproep, door=w.bart)


@pytest.fixture
@onthoudt
def aanbod(db: None) -> bouw.Wereld:
    """Give a call that is open longer, one that is open shorter, one to come, one closed, one announced, one draft."""
    w = bouw.ontwerp()
    juni, augustus, herfst = klok.brussel(2021, 6, 10), klok.brussel(2021, 8, 1), klok.brussel(2021, 11, 1)
    maak(w, "lang", rondes=rondes((juni, herfst)), samenvatting="Over één café per buurt.")
    maak(w, "kort", rondes=rondes((juni, augustus), (herfst, klok.brussel(2022, 1, 1))))
    maak(w, "later", rondes=rondes((augustus, herfst)))
    maak(w, "voorbij", rondes=rondes((juni, klok.brussel(2021, 6, 20))), doelgroep="Voor scholen.")
    maak(w, "aangekondigd", publiceer=False)
    klok.zet(NU)
    return w


def lijst(**zoek: Any) -> tuple[Pagina, list[str]]:
    """Return the page and the titles on it in order, with their phase."""
    p = keur(Client().get(reverse("oproepen"), zoek))
    kaarten = [e for e in p.elementen if e.heeft("kaart")]
    return p, [f"{e.alle('h2')[0].tekst.removeprefix('Oproep ')}: {e.alle('span')[0].tekst}" for e in kaarten]


ALLES = ["kort: Nu open", "lang: Nu open", "later: Komt eraan", "aangekondigd: Komt eraan", "voorbij: Gesloten"]


def test_all_public_calls_the_most_urgent_first(aanbod: bouw.Wereld):
    p, gezien = lijst()
    assert gezien == ALLES
    assert "5 oproepen" in p.tekst
    assert "vóór zondag 1 augustus 2021 om 0.00 uur (nog 30 dagen en 15 uur)" in p.tekst
    assert "vanaf 1 augustus 2021" in p.tekst
    assert "de data staan nog niet vast" in p.tekst
    assert "op 20 juni 2021" in p.tekst


def test_the_phase_follows_the_clock(aanbod: bouw.Wereld):
    klok.zet(klok.brussel(2021, 9, 1))
    assert lijst()[1][:3] == ["lang: Nu open", "later: Nu open", "kort: Komt eraan"]
    klok.zet(klok.brussel(2022, 1, 1))
    assert lijst(fase="open")[1] == []
    assert lijst(fase="gesloten")[1][0] == "kort: Gesloten"  # what closed last stands first


@pytest.mark.parametrize(
    ("zoek", "verwacht"),
    [
        ({"zoek": "Oproep kort"}, [0]),
        ({"zoek": "OPROEP LATER"}, [2]),
        ({"zoek": "CAFÉ buurt"}, [1]),
        ({"zoek": "café lange later"}, []),
        ({"zoek": "scholen"}, [4]),
        ({"fase": "open"}, [0, 1]),
        ({"fase": "komt"}, [2, 3]),
        ({"fase": "gesloten"}, [4]),
        ({"fase": "open", "zoek": "kort"}, [0]),
        ({"wie": "gemeente"}, [0, 1, 2, 4]),
        ({"wie": "jeugdorganisatie"}, []),
        ({"zoek": ""}, [0, 1, 2, 3, 4]),
    ],
)
def test_words_and_filters(aanbod: bouw.Wereld, zoek: dict[str, str], verwacht: list[int]):
    p, gezien = lijst(**zoek)
    assert gezien == [ALLES[plaats] for plaats in verwacht]
    assert f"{len(verwacht)} {'oproep' if len(verwacht) == 1 else 'oproepen'}" in p.tekst
    for naam, waarde in zoek.items():
        assert p.waarde(naam) == waarde.strip()


def test_a_track_without_a_rule_is_for_everybody(aanbod: bouw.Wereld):
    maak(aanbod, "vrij", voorwaarden=[])
    klok.zet(NU)
    assert lijst(wie="jeugdorganisatie")[1] == ["vrij: Nu open"]


def test_of_an_announced_call_the_sources_say_who(aanbod: bouw.Wereld):
    systeem = Gebruiker.objects.systeem()
    gegevens = laden.lees_bestand(laden.GEGEVENS / "huizen-van-het-kind.json")
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    oproepen.kondig_aan(oproep, door=aanbod.beheer)
    assert lijst(wie="huis_van_het_kind")[1] == [f"{oproep.titel}: Komt eraan"]


def test_an_announced_call_whose_days_are_over_is_closed(aanbod: bouw.Wereld):
    systeem = Gebruiker.objects.systeem()
    gegevens = laden.lees_bestand(laden.GEGEVENS / "verbindingsambassadeurs.json")
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    oproepen.kondig_aan(oproep, door=aanbod.beheer)
    assert lijst(zoek="verbindingsambassadeurs")[1] == [f"{oproep.titel}: Gesloten"]


def test_by_theme(aanbod: bouw.Wereld):
    assert lijst()[0].velden("thema") == []  # no plan, so no themes
    plan = Plan.objects.create(slug="plan", titel="Plan", van=NU.date(), tot=NU.date())
    punten = [Speerpunt.objects.create(plan=plan, nr=nr, titel=f"Speerpunt {nr}") for nr in (1, 2)]
    vast = {"plan": plan, "ministers": [], "administraties": [], "status": Actie.Status.IN_UITVOERING}
    Actie.objects.create(nr=1, titel="a", speerpunt=punten[0], oproep_slug="later", **vast)
    Actie.objects.create(nr=2, titel="b", speerpunt=punten[1], oproep_slug="bestaat-niet", **vast)
    p, gezien = lijst(thema=punten[0].pk)
    assert gezien == ["later: Komt eraan"]
    assert [o.tekst for o in p.velden("thema")[0].alle("option")] == ["alle", "Speerpunt 1"]


@pytest.mark.parametrize(
    "zoek",
    [
        "fase=onzin",
        "wie=x&thema=9999",
        "zoek=%00",
        "zoek=" + "x" * 101,
        "pagina=-1&fase=%F0%9F%98%80",
        "fase=open&fase=komt&x=1",
        "wie=verstrekker",
    ],
)
def test_nonsense_in_the_address_shows_the_page(aanbod: bouw.Wereld, zoek: str):
    p = keur(Client().get(f"{reverse('oproepen')}?{zoek}"))
    assert len([e for e in p.elementen if e.heeft("kaart")]) in {2, 5}


def test_nothing_found_says_what_to_do(aanbod: bouw.Wereld):
    p, gezien = lijst(zoek="bestaat niet")
    assert gezien == []
    assert "Geen oproep gevonden Zoek op een ander woord, of laat een filter weg." in p.tekst
    assert p.links.count(reverse("oproepen")) == 3  # menu, beside the count, and the button


def test_no_calls_at_all():
    p, gezien = lijst()
    assert gezien == []
    assert "Er zijn nog geen oproepen Een oproep verschijnt hier zodra ze aangekondigd is." in p.tekst


def test_the_pages_keep_the_filter(aanbod: bouw.Wereld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portaal.views.publiek.PER_PAGINA", 1)
    p, gezien = lijst(fase="open", pagina=2)
    assert gezien == ALLES[1:2]
    assert [e.attrs["href"] for e in p.alle("a") if e.attrs.get("rel") == "prev"] == ["?fase=open&pagina=1"]


def test_home_shows_what_is_open_and_leads_to_the_list(aanbod: bouw.Wereld):
    p = keur(Client().get(reverse("home")))
    titels = [e.tekst for e in p.alle("h2", "h3")]
    assert titels[:3] == ["Nu open", "Oproep kort", "Oproep lang"]
    assert titels[-4:] == ["Andere oproepen", "Oproep later", "Oproep aangekondigd", "Oproep voorbij"]
    (formulier,) = [e for e in p.alle("form") if e.attrs.get("role") == "search"]
    assert (formulier.attrs["action"], formulier.attrs["method"]) == (reverse("oproepen"), "get")
    assert re.fullmatch("/oproepen/", next(e.attrs["href"] for e in p.alle("a") if e.heeft("navigatie__punt")))
