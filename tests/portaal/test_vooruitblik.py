"""The page that looks ahead: figures that are those of the journal, what is still to come, reports that hold it up."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from betalingen import grootboek, queries, services
from betalingen.models import Betaling, Journaalregel, Krediet
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Luik
from tests import bouw
from tests.betalingen import terug
from tests.bladen import csv_rijen, inhoud, rijen, toelichting, totalen
from tests.portaal import formulieren
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db
K = 1_000_00
ANDERE_TABBLADEN = ["Per jaar en artikel", "Gepland en uitbetaald", "Late verslagen"]


def pagina(w: bouw.Wereld, zoek: str = "") -> Any:
    return keur(formulieren.browser(w.bart).get(reverse("vooruitblik") + zoek))


def tekst(w: bouw.Wereld, zoek: str = "") -> str:
    return pagina(w, zoek).tekst.replace("\xa0", " ")


def test_nothing_yet_says_what_to_do(wereld: bouw.Wereld) -> None:
    gezien = tekst(wereld)
    assert "Nog geen bedragen" in gezien and "Naar de kredieten" in gezien
    assert {
        r["Verwacht"] for r in rijen(inhoud(formulieren.browser(wereld.bart).get(reverse("vooruitblik_bestand"))))
    } == {0}


def test_every_booked_figure_leads_to_the_lines_that_make_it(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    terug.ontvang(w, terug.bekend(w), 5 * K)
    nu, gevraagd = queries.bedragen_per_artikel(
        Journaalregel.objects.all(), Luik.objects.all(), Krediet.objects.filter(jaar=2022)
    )
    assert (gevraagd["jaar"], gevraagd["gevraagd"], gevraagd["beschikbaar"]) == (2021, 100 * K, None)
    krediet = Krediet.objects.get(jaar=2022)
    assert nu == {
        "jaar": 2022,
        "artikel": "WELZIJN-EENZAAMHEID",
        "gevraagd": 0,
        "gereserveerd": 0,
        "toegekend": 100 * K,
        "vastgelegd": 100 * K,
        "vereffend": 50 * K,
        "uitbetaald": 50 * K,
        "teruggevorderd": 20 * K,
        "ontvangen": 5 * K,
        "encours": 50 * K,
        "krediet": krediet.pk,
        "beschikbaar": grootboek.stand_van(krediet).beschikbaar_cent,
    }


LINK = re.compile(
    r'<a [^>]*href="(/(?:grootboek|budgetstand/vooruitblik/schijven)/[^"]*)"[^>]*>(?:€\s)?(-?[\d.]+,\d\d)'
)


def volg(browser: Any, zoek: str = "") -> dict[str, str]:
    """Follow every link at a figure of the page; return the figures by address, of which each sum is the same."""
    bladzijde = browser.get(reverse("vooruitblik") + zoek).content.decode().replace("&nbsp;", " ").replace("\xa0", " ")
    links = {adres.replace("&amp;", "&"): bedrag for adres, bedrag in LINK.findall(bladzijde)}
    for adres, bedrag in links.items():
        gevonden = re.sub(r"\s+", " ", keur(browser.get(adres)).tekst)
        som = re.search(r"Som van \d+ (?:boeking|schij)\w* € (-?[\d.]+,\d\d)", gevonden)
        assert som is not None and som[1] == bedrag, (adres, bedrag, som)
    return links


def test_the_sum_behind_every_link_is_its_figure_to_the_cent(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld, {"an": 9, "ben": 8})
    terug.ontvang(w, terug.bekend(w), 5 * K + 1)
    verslag = bouw.eerste_verslag(w)
    klok.zet(klok.brussel(verslag.uiterlijk.year + 1, verslag.uiterlijk.month, verslag.uiterlijk.day, 12))
    links = volg(formulieren.browser(w.bart))
    soorten = {"vastgelegd", "vereffend", "uitbetaald", "teruggevorderd", "ontvangen", "encours"}
    assert {m[1] for adres in links if (m := re.search(r"artikel=.*bedrag=(\w+)", adres))} == soorten
    assert {m[1] for adres in links if (m := re.fullmatch(r"/grootboek/\?bedrag=(\w+)", adres))} == soorten
    assert links["/grootboek/?bedrag=encours"] == "100.000,00" and links["/grootboek/?bedrag=ontvangen"] == "5.000,01"
    schijven = {adres.split("?")[1].split("=")[0] for adres in links if "/schijven/?" in adres}
    assert schijven == {"maand", "tot", "vervallen", "verslag"}
    assert links[reverse("vooruitblik_schijven")] == "100.000,00"
    # Of one call only; every link says so.
    van_een = volg(formulieren.browser(w.bart), f"?oproep={w.oproep.slug}")
    assert len(van_een) == len(links) and all(f"oproep={w.oproep.slug}" in adres for adres in van_een)


def test_what_is_reserved_leads_to_its_lines_too(wereld: bouw.Wereld) -> None:
    bouw.voorgesteld(wereld)
    links = volg(formulieren.browser(wereld.bart))
    assert [bedrag for adres, bedrag in links.items() if "bedrag=gereserveerd" in adres] == ["100.000,00"] * 2


def test_the_sheet_of_the_encours_has_its_sum(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    ruw = inhoud(formulieren.browser(w.bart).get(reverse("grootboek_bestand") + "?bedrag=encours&formaat=xlsx"))
    assert totalen(ruw) == {"Bedrag": 50_000}
    assert [(r["Soort"], r["Bedrag"]) for r in rijen(ruw)] == [("Vastlegging", 100_000), ("Vereffening", -50_000)]


def test_an_address_that_cannot_be_read_is_all_that_is_to_come(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    browser = formulieren.browser(w.bart)
    for zoek in ("", "?maand=x", "?maand=2022-13", "?tot=x", "?verslag=x", "?maand=%00", "?maand=" + "9" * 30):
        p = keur(browser.get(reverse("vooruitblik_schijven") + zoek))
        assert "Schijven: nog uit te betalen" in p.tekst and "€ 50.000,00" in p.tekst.replace("\xa0", " "), zoek
    for zoek in ("?verslag=" + "9" * 30, "?maand=1999-01", "?tot=1999-01-01", "?vervallen=1"):
        assert "Geen schijven" in keur(browser.get(reverse("vooruitblik_schijven") + zoek)).tekst, zoek
    p = keur(browser.get(reverse("vooruitblik_schijven") + "?maand=later&reeks=x"))
    assert "verwacht later" in p.tekst


def test_what_is_still_to_come_and_its_sheet(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    gezien = tekst(w)
    assert "€ 50.000,00 is gepland en nog niet uitbetaald." in gezien
    assert "al vervallen" not in gezien
    assert "1 betaling, de middelste 0 dagen na de vervaldag. Geen band: dat vraagt minstens 5 betalingen." in gezien
    gepland = queries.gepland(Luik.objects.all())
    assert sum(post.bedrag_cent for post in gepland.plan) == 100 * K
    assert sum(post.bedrag_cent for post in gepland.posten) == 50 * K
    browser = formulieren.browser(w.bart)
    ruw = inhoud(browser.get(f"{reverse('vooruitblik_bestand')}?oproep={w.oproep.slug}&formaat=xlsx"))
    assert totalen(ruw) == {"Verwacht": 50_000}
    assert [r["Maand"] for r in rijen(ruw)] == [
        *(f"2022-{maand:02d}" for maand in range(2, 13)),
        "2023-01",
        "later",
    ]
    assert toelichting(ruw)["Oproep"] == w.oproep.titel
    boek = load_workbook(BytesIO(ruw))
    assert boek.sheetnames == ["Vooruitblik", *ANDERE_TABBLADEN, "Toelichting"]
    artikel, verloop, laat = (list(boek[naam].values) for naam in ANDERE_TABBLADEN)
    # asked, reserved, awarded, committed, charged, paid, claimed back, received, encours, available
    assert artikel[1] == (2022, "WELZIJN-EENZAAMHEID", 0, 0, 100_000, 100_000, 50_000, 50_000, 0, 0, 50_000, 13_400_000)
    assert artikel[2] == (2021, "WELZIJN-EENZAAMHEID", 100_000, 0, 0, 0, 0, 0, 0, 0, 0, None)
    assert verloop[1:4] == [("2022-02", 50_000, 50_000), ("2023-03", 40_000, 0), ("2024-05", 10_000, 0)]
    assert len(laat) == 1
    csv = csv_rijen(inhoud(browser.get(reverse("vooruitblik_bestand") + "?formaat=csv")))
    assert sum(int(r["Verwacht"].replace(".", "").replace(",", "")) for r in csv) == 50 * K
    assert {r["Bij vlotte betaling"] for r in csv} == {""}


def test_late_reports_that_hold_up_money(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    assert "Geen enkel verslag is te laat." in tekst(w)
    verslag = bouw.eerste_verslag(w)
    klok.zet(klok.brussel(verslag.uiterlijk.year, verslag.uiterlijk.month, verslag.uiterlijk.day, 12))
    assert queries.verslagen_die_blokkeren(Luik.objects.all()) == []
    klok.zet(klok.brussel(verslag.uiterlijk.year + 1, verslag.uiterlijk.month, verslag.uiterlijk.day, 12))
    (eerste, *_) = queries.verslagen_die_blokkeren(Luik.objects.all())
    assert (eerste.pk, eerste.dagen, eerste.geblokkeerd_cent) == (verslag.pk, 366, 40 * K)
    assert "Daarvan is € 40.000,00 al vervallen" in tekst(w)
    p = pagina(w)
    nummer = Dossier.objects.get().nummer
    assert f"{nummer}" in p.tekst and "€ 40.000,00" in p.tekst.replace("\xa0", " ")
    assert queries.verslagen_die_blokkeren(Luik.objects.filter(slug="brussel")) == []


def test_what_was_set_off_was_planned_and_paid(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    rij = terug.bekend(w)
    from tests.betalingen.test_terugvordering_inning import tweede

    services.verreken(rij, betaling=tweede(w).pk, door=w.bart)
    gepland = queries.gepland(Luik.objects.all())
    assert sum(post.bedrag_cent for post in gepland.plan) == 100 * K
    assert sum(post.bedrag_cent for post in gepland.posten) == 30 * K  # twenty of the forty was set off
    assert sum(cent for _, cent in queries.betaald_per_dag(Journaalregel.objects.all())) == 70 * K


def test_a_call_that_is_not_there_is_all_of_them(wereld: bouw.Wereld) -> None:
    bouw.kennisgegeven(wereld)
    for zoek in ("?oproep=bestaat-niet", "?oproep=" + "x" * 500, "?oproep=%00"):
        assert "€ 100.000,00 is gepland" in tekst(wereld, zoek)
    assert Betaling.objects.count() == 3
