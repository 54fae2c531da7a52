"""How many queries a page asks: one literal number, the same for 1, 3 and 12 of everything, and all of it shown.

The numbers count everything: session and user are two, and for somebody who signed in the tasks and how much waits
(in the header) one each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beoordeling.models import Scoreblad
from betalingen.models import Afschrift, Betaling
from dossiers.models import Kostenregel, Kostenstaat, Verslag
from kern import klok
from kern.geld import getal_tekst
from portaal.bewaard import bewaar_filter
from portaal.kolommen import KEUZES
from tests.hulp import tel_de_rijen
from tests.portaal.pagina import Pagina, keur
from tests.portaal.veel import (
    BESLIST,
    BEZOEK,
    IN_BEOORDELING,
    INGEDIEND,
    LOPEND,
    OPEN,
    TE_ADVISEREN,
    Veel,
    bouw_veel,
)

pytestmark = pytest.mark.een_databank


@contextmanager
def telt(aantal: int) -> Iterator[None]:
    """Check that the block asks exactly so many queries."""
    assert connection.features.supports_json_field  # SQLite is asked once per process
    with CaptureQueriesContext(connection) as gevraagd:
        yield
    zinnen = [vraag["sql"][:200] for vraag in gevraagd.captured_queries]
    assert len(zinnen) == aantal, "\n".join([f"{len(zinnen)} vragen in plaats van {aantal}:", *zinnen])


@pytest.fixture(scope="module", params=[1, 3, 12])
def gebouwd(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Veel, dict[str, str]]]:
    with django_db_blocker.unblock(), transaction.atomic():
        veel = bouw_veel(request.param)
        for i in range(veel.n):
            bewaar_filter(veel.mensen["bea"], naam=f"Filter {i}", vraag="status=ingediend")
        sessies = {}
        for naam in {bezoek.wie for bezoek in BEZOEKEN.values() if bezoek.wie}:
            client = Client()
            client.force_login(veel.mensen[naam])
            sessies[naam] = client.cookies["sessionid"].value
        tel_de_rijen()
        yield veel, sessies
        transaction.set_rollback(True)
    klok.laat_los()


@dataclass(frozen=True)
class Bezoek:
    """Who goes where, how many queries that may take, and what must stand on the page for each of the `n`."""

    wie: str
    aantal: int
    adres: Callable[[Veel], str]
    toont: Callable[[Veel], list[str]]


def naar(naam: str, argument: Callable[[Veel], Any] | None = None, zoek: str = "") -> Callable[[Veel], str]:
    """Return a function that makes an address in a world."""
    return lambda v: reverse(naam, args=[argument(v)] if argument else []) + zoek


def eerste(ronde: int) -> Callable[[Veel], str]:
    """Return a function that gives the number of the first dossier of a round."""
    return lambda v: v.nummers(ronde)[0]


def nummers(*rondes: int) -> Callable[[Veel], list[str]]:
    """Return a function that gives the numbers of all dossiers of rounds."""
    return lambda v: [nummer for ronde in rondes for nummer in v.nummers(ronde)]


def titels(v: Veel) -> list[str]:
    """Return the titles of all calls."""
    return v.titels


def stukken(v: Veel) -> list[str]:
    """Return the names of the attachments of a first dossier."""
    return ["netwerk.pdf", *(f"stuk-{i}.pdf" for i in range(1, v.n))]


def jury(v: Veel) -> list[str]:
    """Return who handed in a sheet for the first dossier that is being judged."""
    return ["Jef Proef: 80,00 op 100", "Joke Proef: 80,00", *(f"Jury{i} Proef: 70,00" for i in range(1, v.n))]


def ronde(nummer: int) -> Callable[[Veel], int]:
    """Return a function that gives the key of a round."""
    return lambda v: v.rondes[nummer].pk


def blad(wie: str) -> Callable[[Veel], int]:
    """Return a function that gives the key of somebody's sheet for the first dossier that is being judged."""
    return lambda v: Scoreblad.objects.get(dossier=v.dossiers[IN_BEOORDELING][0], jurylid=v.mensen[wie]).pk


def betaling(status: str) -> Callable[[Veel], int]:
    """Return a function that gives the key of the first payment in a state."""
    return lambda v: Betaling.objects.filter(status=status).order_by("pk")[0].pk


def kosten(status: str) -> Callable[[Veel], int]:
    """Return a function that gives the key of the first claim in a state."""
    return lambda v: Kostenstaat.objects.filter(status=status).order_by("pk")[0].pk


def kostenregels(v: Veel) -> list[str]:
    """Return the lines of a claim."""
    return [f"Kost {i}" for i in range(v.n)]


def schijven(v: Veel) -> list[str]:
    """Return the instalments of the first project."""
    return ["Eerste schijf € 5.000,00", "Tweede schijf € 4.000,00", "Saldo € 1.000,00"]


def tellingen(*zinnen: str) -> Callable[[Veel], list[str]]:
    """Return a function that gives sentences with the number of things in them."""

    def maak(v: Veel) -> list[str]:
        een = {"betalingen": "betaling", "dossiers": "dossier"} if v.n == 1 else {}
        return [" ".join(een.get(w, w) for w in zin.format(n=v.n).split()) for zin in zinnen]

    return maak


def samen(*delen: Callable[[Veel], list[str]]) -> Callable[[Veel], list[str]]:
    """Join what several functions give."""
    return lambda v: [tekst for deel in delen for tekst in deel(v)]


VERSLAG = Verslag.Status.INGEDIEND
BEZOEKEN = {
    # Public pages, for a visitor and for somebody who signed in (session, user, tasks and what waits are four).
    "home": Bezoek("", 4, naar("home"), titels),
    "home, aangemeld": Bezoek("an", 8, naar("home"), titels),
    "oproepen": Bezoek("", 6, naar("oproepen"), titels),
    "oproepen, aangemeld": Bezoek("an", 10, naar("oproepen", zoek="?wie=gemeente"), titels),
    "oproep": Bezoek("", 4, naar("oproep", lambda v: v.slug), lambda v: ["Vlaanderen", "Brussel", "13.500.000"]),
    "oproep, aangemeld": Bezoek("an", 8, naar("oproep", lambda v: v.slug), lambda v: ["Dossier starten"]),
    # Mijn werk, per role.
    "mijn werk, niemand": Bezoek("stan", 4, naar("mijn_werk"), lambda v: ["Er wacht niets op u"]),
    "mijn werk, aanvrager": Bezoek(
        "an",
        10,
        naar("mijn_werk"),
        samen(nummers(OPEN, IN_BEOORDELING, LOPEND), lambda v: [o.naam for o in v.organisaties]),
    ),
    "mijn werk, behandelaar": Bezoek(
        "bea",
        10,
        naar("mijn_werk"),
        samen(
            tellingen("Ontvankelijkheid van {n} dossiers beoordelen"),
            lambda v: [f"Eindverslag van {nummer} nakijken" for nummer in v.nummers(LOPEND)],
        ),
    ),
    "mijn werk, jurylid": Bezoek("jana", 5, naar("mijn_werk"), nummers(IN_BEOORDELING)),
    "mijn werk, voorzitter": Bezoek(
        "vic",
        5,
        naar("mijn_werk"),
        lambda v: [f"Advies over {nummer} vaststellen" for nummer in v.nummers(TE_ADVISEREN)],
    ),
    "mijn werk, budgethouder": Bezoek("bart", 9, naar("mijn_werk"), tellingen("{n} betalingen controleren")),
    "mijn werk, boekhouder": Bezoek("bo", 7, naar("mijn_werk"), tellingen("{n} betalingen versturen")),
    "mijn werk, auditor": Bezoek("aude", 4, naar("mijn_werk"), lambda v: ["Er wacht niets op u"]),
    # One dossier.
    "dossier, aanvrager": Bezoek("an", 7, naar("dossier", eerste(IN_BEOORDELING)), stukken),
    "project, aanvrager": Bezoek("an", 11, naar("dossier", eerste(LOPEND)), schijven),
    "concept, aanvrager": Bezoek("an", 5, naar("dossier", eerste(OPEN)), lambda v: ["Verder invullen"]),
    "dossier, behandelaar": Bezoek("bea", 12, naar("dossier", eerste(IN_BEOORDELING)), samen(stukken, jury)),
    "project, behandelaar": Bezoek("bea", 12, naar("dossier", eerste(LOPEND)), schijven),
    "dossier, auditor": Bezoek("aude", 12, naar("dossier", eerste(IN_BEOORDELING)), samen(stukken, jury)),
    "dossier, budgethouder": Bezoek("bart", 11, naar("dossier", eerste(IN_BEOORDELING)), stukken),
    "dossier, jurylid": Bezoek("jana", 7, naar("dossier", eerste(IN_BEOORDELING)), stukken),
    "dossier, voorzitter": Bezoek("vic", 7, naar("dossier", eerste(IN_BEOORDELING)), stukken),
    # Filling in.
    "starten": Bezoek(
        "an", 10, lambda v: reverse("dossier_start", args=[v.slug, "vlaanderen"]), lambda v: ["Aartselaar"]
    ),
    "vragen": Bezoek("an", 7, naar("dossier_vragen", eerste(OPEN)), lambda v: ["Antwoord over netwerk."]),
    "begroting": Bezoek("an", 7, naar("dossier_begroting", eerste(OPEN)), lambda v: ["Begroting"]),
    "bijlagen": Bezoek("an", 6, naar("dossier_bijlagen", eerste(OPEN)), stukken),
    "indienen": Bezoek("an", 10, naar("dossier_indienen", eerste(OPEN)), stukken),
    "ontvangstbewijs": Bezoek("an", 5, naar("dossier_ontvangstbewijs", eerste(INGEDIEND)), nummers()),
    # Handling.
    "dossiers": Bezoek("bea", 8, naar("dossiers"), nummers(INGEDIEND, IN_BEOORDELING)),
    "dossiers, alle kolommen": Bezoek(
        "bea",
        8,
        lambda v: reverse("dossiers") + "?" + "&".join(f"kolommen={naam}" for naam, _ in KEUZES),
        samen(nummers(INGEDIEND), lambda v: [f"Totaal van {5 * v.n}", "Provincie", "Vastgelegd"]),
    ),
    "dossiers toewijzen": Bezoek(
        "bea",
        7,
        lambda v: f"{reverse('dossiers_toewijzen')}?" + "&".join(f"dossiers={d.pk}" for d in v.dossiers[INGEDIEND]),
        nummers(INGEDIEND),
    ),
    "bewaarde filters": Bezoek("bea", 6, naar("dossiers_filters"), lambda v: [f"Filter {i}" for i in range(v.n)]),
    "ontvankelijkheid": Bezoek("bea", 10, naar("dossier_ontvankelijkheid", eerste(INGEDIEND)), stukken),
    "ronde": Bezoek("bea", 10, naar("ronde", ronde(INGEDIEND)), nummers(INGEDIEND)),
    "ronde met besluit": Bezoek("bea", 10, naar("ronde", ronde(BESLIST)), nummers(BESLIST)),
    "ronde, voorzitter": Bezoek("vic", 10, naar("ronde", ronde(IN_BEOORDELING)), nummers(IN_BEOORDELING)),
    "jury, behandelaar": Bezoek("bea", 10, naar("dossier_jury", eerste(IN_BEOORDELING)), jury),
    "jury, voorzitter": Bezoek("vic", 9, naar("dossier_jury", eerste(IN_BEOORDELING)), jury),
    "scoreblad, open": Bezoek("jana", 10, naar("scoreblad", blad("jana")), stukken),
    "scoreblad, ingediend": Bezoek("jef", 12, naar("scoreblad", blad("jef")), samen(stukken, jury)),
    "scoreblad, behandelaar": Bezoek("bea", 12, naar("scoreblad", blad("jef")), samen(stukken, jury)),
    "besluit": Bezoek("bea", 8, naar("besluit", lambda v: v.besluit.pk), nummers(BESLIST)),
    "verslagen": Bezoek("bea", 7, naar("verslagen"), nummers(LOPEND)),
    "verslag, behandelaar": Bezoek(
        "bea", 6, naar("verslag", lambda v: Verslag.objects.filter(status=VERSLAG)[0].pk), lambda v: ["Het is klaar."]
    ),
    "verslag, aanvrager": Bezoek(
        "an", 6, naar("verslag", lambda v: Verslag.objects.filter(status=VERSLAG)[0].pk), lambda v: ["Het is klaar."]
    ),
    "kostenstaten": Bezoek("bea", 6, naar("kostenstaten"), nummers(LOPEND)),
    "kosten van een dossier": Bezoek(
        "an", 17, naar("dossier_kosten", eerste(LOPEND)), lambda v: ["Kostenstaat 1", f"€ {getal_tekst(v.n * 10_00)}"]
    ),
    "kostenstaat, in opmaak": Bezoek("an", 16, naar("kostenstaat", kosten("concept")), kostenregels),
    "kostenstaat, behandelaar": Bezoek(
        "bea", 17, naar("kostenstaat", kosten("ingediend")), lambda v: ["Steekproef", "Oordeel bewaren"]
    ),
    "kostenstaat, alle regels": Bezoek(
        "aude", 16, naar("kostenstaat", kosten("ingediend"), zoek="?toon=alle"), kostenregels
    ),
    "kostenregel": Bezoek(
        "an",
        7,
        naar("kostenregel", lambda v: Kostenregel.objects.filter(kostenstaat=kosten("concept")(v))[0].pk),
        lambda v: ["Deze regel verwijderen"],
    ),
    "beheer van een oproep": Bezoek("bea", 15, naar("oproep_beheer", lambda v: v.slug), lambda v: ["Vic Proef"]),
    # Money.
    "betalingen, te controleren": Bezoek("bart", 7, naar("betalingen"), nummers(LOPEND)),
    "betalingen, te versturen": Bezoek("bo", 10, naar("betalingen", zoek="?status=goedgekeurd"), nummers(LOPEND)),
    "betaling, te controleren": Bezoek(
        "bart", 8, naar("betaling", betaling("te_controleren")), lambda v: ["Terugsturen"]
    ),
    "betaling, goedgekeurd": Bezoek("bo", 8, naar("betaling", betaling("goedgekeurd")), lambda v: ["Bart Proef"]),
    "budgetstand": Bezoek(
        "bart", 10, naar("budgetstand"), lambda v: [*v.titels, f"{getal_tekst(v.n * 2 * 10_000_00)}"]
    ),
    "vooruitblik": Bezoek(
        "bart",
        12,
        naar("vooruitblik"),
        lambda v: ["Oproep nummer 0", f"€ {getal_tekst(v.n * 2 * 10_000_00)} is gepland"],
    ),
    "schijven van de vooruitblik": Bezoek(
        "bart",
        8,
        naar("vooruitblik_schijven"),
        lambda v: v.nummers(LOPEND)[:5],  # of twelve, on two pages
    ),
    "rekeningafschriften": Bezoek(
        "bo",
        8,
        naar("afschriften"),
        lambda v: [f"afschrift {pk}" for pk in Afschrift.objects.values_list("pk", flat=True)],
    ),
    "rekeningafschrift": Bezoek(
        "bo",
        10,
        naar("afschrift", lambda v: Afschrift.objects.order_by("pk")[0].pk),
        lambda v: [f"Tegenpartij {i}" for i in range(v.n)],
    ),
    "inlezen": Bezoek("bo", 8, naar("inlezen"), lambda v: ["Betaaldata", "Nog niets"]),
    "openstaand": Bezoek("bart", 7, naar("encours"), lambda v: [d.nummer for d in v.dossiers[LOPEND]]),
    "grootboek": Bezoek("bart", 8, naar("grootboek"), lambda v: [d.nummer for d in v.dossiers[LOPEND]]),
    "begrotingsjaar": Bezoek("beheer", 14, naar("begrotingsjaar", lambda v: 2022), lambda v: ["Begrotingsjaar 2022"]),
    "kredieten": Bezoek("bart", 9, naar("kredieten"), lambda v: ["2022 WELZIJN-EENZAAMHEID"]),
    "budget van de oproep": Bezoek("bart", 8, naar("oproepbudget", lambda v: v.slug), lambda v: ["Vlaanderen"]),
    "vastlegging": Bezoek("bart", 11, naar("dossier_vastlegging", eerste(LOPEND)), lambda v: ["Een deel annuleren"]),
    # Organisations.
    "organisatie": Bezoek(
        "an",
        7,
        naar("organisatie", lambda v: v.organisaties[0].pk),
        lambda v: ["An Proef", *(f"Lid{i} Proef" for i in range(1, v.n))],
    ),
    "organisatie registreren": Bezoek("an", 4, naar("organisatie_nieuw"), lambda v: ["Ondernemingsnummer"]),
}
HOOGSTENS = {
    "dossier": 12,
    "project": 12,
    "scoreblad": 12,
    "beheer van een oproep": 15,
    "kostenstaat": 17,
    "kosten van een dossier": 17,
    "vastlegging": 11,
    "begrotingsjaar": 14,
    "budgetstand": 11,
    "vooruitblik": 15,
}


@pytest.mark.parametrize("naam", BEZOEKEN)
def test_a_page_asks_so_many_queries(gebouwd: tuple[Veel, dict[str, str]], db: None, naam: str):
    veel, sessies = gebouwd
    klok.zet(BEZOEK)
    bezoek = BEZOEKEN[naam]
    client = Client()
    if bezoek.wie:
        client.cookies["sessionid"] = sessies[bezoek.wie]
    adres = bezoek.adres(veel)
    with telt(bezoek.aantal):
        antwoord = client.get(adres)
    assert antwoord.status_code == 200
    tekst = keur(antwoord).alle("body")[0].tekst.replace("\xa0", " ")
    assert [item for item in bezoek.toont(veel) if item not in tekst] == []


def test_no_page_asks_more_than_it_may():
    for naam, bezoek in BEZOEKEN.items():
        assert bezoek.aantal <= HOOGSTENS.get(naam.split(",")[0], 10), naam
    assert BEZOEKEN["home"].aantal <= 4 and BEZOEKEN["oproep"].aantal <= 4


def test_the_pages_of_a_long_list_keep_their_filter(
    gebouwd: tuple[Veel, dict[str, str]], db: None, monkeypatch: pytest.MonkeyPatch
):
    veel, sessies = gebouwd
    klok.zet(BEZOEK)
    for module in ("beoordeling.views", "betalingen.views.betaling", "portaal.views.lijsten"):
        monkeypatch.setattr(f"{module}.PER_PAGINA", 5)
    lijsten = {
        "ronde?status=ontvankelijk": ("bea", reverse("ronde", args=[veel.rondes[IN_BEOORDELING].pk]), IN_BEOORDELING),
        "betalingen?status=goedgekeurd": ("bo", reverse("betalingen"), LOPEND),
        "dossiers?status=ingediend": ("bea", reverse("dossiers"), INGEDIEND),
        "verslagen?status=ingediend": ("bea", reverse("verslagen"), LOPEND),
    }
    for naam, (wie, adres, welke) in lijsten.items():
        client = Client()
        client.cookies["sessionid"] = sessies[wie]
        zoek = "?" + naam.split("?")[1]
        gezien: list[str] = []
        vragen = set()
        for _ in range((veel.n + 4) // 5):
            with CaptureQueriesContext(connection) as gevraagd:
                p = keur(client.get(adres + zoek))
            vragen.add(len(gevraagd))
            hier = [nummer for nummer in veel.nummers(welke) if nummer in p.tekst]
            assert 1 <= len(hier) <= 5
            gezien += hier
            volgende = [e.attrs["href"] for e in p.alle("a") if e.attrs.get("rel") == "next"]
            assert all(naam.split("?")[1] in href for href in volgende)
            zoek = volgende[0] if volgende else ""
        assert zoek == "" and sorted(gezien) == sorted(veel.nummers(welke)), naam
        assert len(vragen) == 1


def test_a_page_number_that_does_not_exist_shows_the_last_page(gebouwd: tuple[Veel, dict[str, str]], db: None):
    veel, sessies = gebouwd
    klok.zet(BEZOEK)
    client = Client()
    client.cookies["sessionid"] = sessies["bea"]
    for zoek in ("?pagina=999", "?pagina=-1", "?pagina=x", "?pagina=%00", "?pagina=" + "9" * 30):
        for adres in (reverse("dossiers"), reverse("verslagen"), reverse("betalingen")):
            assert client.get(adres + zoek).status_code == 200
        p = Pagina(client.get(reverse("ronde", args=[veel.rondes[INGEDIEND].pk]) + zoek))
        assert veel.nummers(INGEDIEND)[0] in p.tekst
