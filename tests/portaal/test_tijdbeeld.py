"""The picture of a round: its milestones in order, where they stand, and the page that shows it."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kern import klok
from oproepen import beelden
from oproepen.models import Verslagmoment
from tests import bouw
from tests.bouw import Wereld
from tests.portaal.pagina import Pagina, keur


@pytest.fixture
def wereld(gedeelde_wereld: Wereld) -> Wereld:
    return gedeelde_wereld


def beeld(w: Wereld) -> dict:
    """Return the picture of the round of the Flemish track."""
    return beelden.tijdbeeld(w.luik, w.ronde, w.luik.verslagmomenten.all())


def test_the_milestones_in_order(wereld: Wereld):
    rijen = [(p.nummer, p.titel, p.tekst, p.toestand) for p in (rij["punt"] for rij in beeld(wereld)["punten"])]
    assert rijen == [
        (1, "Indienen kan vanaf", "11 juni 2021", "gedaan"),
        (2, "Indienen kan tot", "maandag 8 november 2021 om 9.00 uur", "nu"),
        (3, "Projecten starten", "1 maart 2022", "later"),
        (4, "Tussentijds verslag", "uiterlijk 31 maart 2023", "later"),
        (5, "Projecten eindigen", "29 februari 2024", "later"),
        (6, "Eindverslag", "uiterlijk 31 mei 2024", "later"),
    ]


@pytest.mark.parametrize(
    ("moment", "toestanden"),
    [
        (klok.brussel(2021, 6, 1), "nu later later later later later"),
        (klok.brussel(2021, 6, 11), "nu later later later later later"),
        (klok.brussel(2021, 6, 12), "gedaan nu later later later later"),
        (klok.brussel(2021, 11, 8, 23), "gedaan nu later later later later"),
        (klok.brussel(2024, 6, 1), "gedaan gedaan gedaan gedaan gedaan gedaan"),
    ],
)
def test_what_is_over_and_what_comes_next(wereld: Wereld, moment, toestanden: str):
    klok.zet(moment)
    assert [rij["punt"].toestand for rij in beeld(wereld)["punten"]] == toestanden.split()


def test_places_follow_the_days(wereld: Wereld):
    t = beeld(wereld)
    xs = [rij["x"] for rij in t["punten"]]
    assert (xs[0], xs[-1]) == (beelden.LINKS, beelden.RECHTS)
    assert xs == sorted(xs)
    assert [jaar["jaar"] for jaar in t["jaren"]] == [2022, 2023, 2024]
    assert [(b["klasse"], b["x"]) for b in t["balken"]] == [("indienen", xs[0]), ("project", xs[2])]
    assert t["balken"][1]["x"] + t["balken"][1]["breedte"] == pytest.approx(xs[4], abs=0.2)
    assert t["vandaag"] == pytest.approx(30 + 580 * 115 / 1085, abs=0.1)
    klok.zet(klok.brussel(2021, 6, 10))
    assert beeld(wereld)["vandaag"] is None
    klok.zet(klok.brussel(2024, 6, 1))
    assert beeld(wereld)["vandaag"] is None


@pytest.mark.parametrize(
    ("plaatsen", "lagen"),
    [
        ([30, 100, 200], [0, 0, 0]),
        ([30, 40, 50, 100], [0, 1, 2, 0]),
        ([30, 30, 30], [0, 1, 2]),
        ([30, 70, 80, 118], [0, 1, 0, 1]),
    ],
)
def test_numbers_that_would_touch_stand_in_lanes(plaatsen: list[float], lagen: list[int]):
    assert beelden._lagen(plaatsen) == lagen


def test_everything_on_one_day_still_makes_a_picture(wereld: Wereld):
    luik, ronde = wereld.luik, wereld.ronde
    dag = date(2022, 3, 1)
    luik.project_van = luik.project_tot = dag
    ronde.opent_op, ronde.sluit_op = klok.brussel(2022, 3, 1, 9), klok.brussel(2022, 3, 1, 10)
    t = beelden.tijdbeeld(luik, ronde, [Verslagmoment(luik=luik, soort="eind", uiterlijk=dag)])
    assert [(rij["x"], rij["y"]) for rij in t["punten"]] == [(30.0, 186 - 40 * laag) for laag in range(5)]
    assert (t["jaren"], t["begin"], t["hoogte"]) == ([], 2022, 222)


def test_many_years_are_thinned_out(wereld: Wereld):
    wereld.luik.project_tot = date(2041, 2, 1)
    assert [jaar["jaar"] for jaar in beeld(wereld)["jaren"]] == [2022, 2026, 2030, 2034, 2038]


def test_the_round_that_a_picture_tells_most_of(wereld: Wereld):
    assert beelden.ronde_in_beeld([]) is None
    assert beelden.ronde_in_beeld([wereld.ronde]) == wereld.ronde
    klok.zet(klok.brussel(2030, 1, 1))
    assert beelden.ronde_in_beeld([wereld.ronde]) == wereld.ronde


def pictures(p: Pagina) -> list[tuple[str, list[str], list[str]]]:
    """Return of each picture its title, the numbers in it, and the list beside it."""
    uit = []
    for figuur in p.met_klasse("mijlpalen"):
        titel = figuur.alle("title")[0].tekst
        nummers = [g.tekst for g in figuur.alle("g")]
        uit.append((titel, nummers, [li.tekst for li in figuur.alle("li")]))
    return uit


def test_on_the_public_page_a_picture_per_track_with_the_list_beside_it(wereld: Wereld):
    p = keur(Client().get(reverse("oproep", args=[wereld.oproep.slug])))
    vlaanderen, brussel = pictures(p)
    assert vlaanderen[0] == "Mijlpalen van Vlaanderen, ronde 1"
    assert vlaanderen[1] == ["1", "2", "3", "4", "5", "6"]
    assert vlaanderen[2][:3] == [
        "Indienen kan vanaf 11 juni 2021 (voorbij)",
        "Indienen kan tot maandag 8 november 2021 om 9.00 uur Eerstvolgende",
        "Projecten starten 1 maart 2022",
    ]
    assert brussel[0] == "Mijlpalen van Brussel, ronde 1"
    assert "," not in "".join(re.findall(r' (?:x|cx|x1|width)="([^"]*)"', p.html))  # numbers as SVG reads them


def test_on_the_page_of_the_round(wereld: Wereld):
    client = Client()
    client.force_login(wereld.bea)
    p = keur(client.get(reverse("ronde", args=[wereld.ronde.pk])))
    assert [titel for titel, _, _ in pictures(p)] == ["Mijlpalen van Vlaanderen, ronde 1"]


def test_the_public_page_is_light(wereld: Wereld):
    html = Client().get(reverse("oproep", args=[wereld.oproep.slug])).content
    delen = re.findall(r'(?:href|src)="/static/([^"]+)"', html.decode())
    assert {"css/loket.css", "js/loket.js"} <= set(delen)
    bestanden = [Path(settings.BASIS / "static" / deel).read_bytes() for deel in dict.fromkeys(delen)]
    assert sum(len(gzip.compress(inhoud)) for inhoud in [html, *bestanden]) < 60_000
    assert klok.nu() == bouw.OPEN
