"""OSLO: the graph against its shapes, its published IRIs, the embargo."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from beoordeling import services as beoordeling
from betalingen import services as betalingen
from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests.hulp import ongewijzigd

pytestmark = pytest.mark.django_db

VORMEN = Path(__file__).parents[1] / "gegevens" / "oslo" / "besluit-subsidie-shapes.ttl"
SUB = Namespace("http://data.vlaanderen.be/ns/subsidie#")
SUBS = Namespace("https://data.vlaanderen.be/ns/subsidie#")
SCHS = Namespace("https://schema.org/")
DCT = Namespace("http://purl.org/dc/terms/")
SH = Namespace("http://www.w3.org/ns/shacl#")
LOKET = Namespace("https://loket.example/ns#")
BASIS = "https://loket.example/id"


def exporteer(*woorden: Any) -> str:
    uit = StringIO()
    call_command("exporteer", "oslo", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def graaf(pad: Path) -> Graph:
    return Graph().parse(data=pad.read_text(encoding="utf-8"), format="json-ld")


def bezwaren(gevonden: Graph) -> str:
    """Return what the shapes hold against a graph."""
    goed, _, verslag = validate(gevonden, shacl_graph=Graph().parse(VORMEN))
    return "" if goed else str(verslag)


def bedrag(gevonden: Graph, van: str, eigenschap: URIRef) -> list[tuple[str, str]]:
    return [
        (str(gevonden.value(b, SCHS.value)), str(gevonden.value(b, SCHS.currency)))
        for b in gevonden.objects(URIRef(f"{BASIS}/{van}"), eigenschap)
    ]


def test_the_graph_conforms_and_says_what_happened(wereld: bouw.Wereld, tmp_path: Path, settings: Any):
    settings.ADRES = "https://loket.example/"
    betaling = bouw.verstuurde_betaling(wereld)
    klok.zet(klok.brussel(2023, 3, 1, 9))
    betalingen.meld_uitbetaald(betaling, datum=date(2023, 2, 27), door=wereld.bo)
    dossier = Dossier.objects.get()
    betalingen.zet_stop(dossier, reden="Het project startte niet.", door=wereld.bart)
    geboekt = {regel.soort: regel.pk for regel in dossier.journaalregels.all()}
    pad = tmp_path / "o.jsonld"
    with ongewijzigd():
        assert exporteer("--uit", pad) == f"1 toekenning geschreven naar {pad}.\n"
    gevonden = graaf(pad)
    assert bezwaren(gevonden) == ""
    # Amounts are decimal text, at the IRIs as they were published: http and https mixed.
    nummer = dossier.nummer
    assert bedrag(gevonden, f"aanvraag/{nummer}", SUB.aangevraagdBedrag) == [("100000.00", "EUR")]
    assert bedrag(gevonden, f"toekenning/{nummer}", SUB.toegekendBedrag) == [("100000.00", "EUR")]
    assert bedrag(gevonden, f"dossier/{nummer}", SUBS.vastgelegdBedrag) == [("50000.00", "EUR")]
    uitbetaling, annulering = f"uitbetaling/{geboekt['uitbetaling']}", f"annulering/{geboekt['annulering']}"
    assert bedrag(gevonden, uitbetaling, SUBS.uitgekeerdBedrag) == [("50000.00", "EUR")]
    assert bedrag(gevonden, annulering, LOKET.geannuleerdBedrag) == [("50000.00", "EUR")]
    assert all(isinstance(waarde.value, str) for waarde in gevonden.objects(None, SCHS.value))
    datums = {
        (f"aanvraag/{nummer}", SUB.aanvraagdatum): date(2021, 10, 4),
        (uitbetaling, SUB.transactiedatum): date(2023, 2, 27),
        (annulering, DCT.date): date(2023, 3, 1),
    }
    for (van, eigenschap), dag in datums.items():
        assert gevonden.value(URIRef(f"{BASIS}/{van}"), eigenschap) == Literal(dag)
    rollen = gevonden.objects(URIRef(f"{BASIS}/deelname/{nummer}"), URIRef("http://data.europe.eu/m8g/role"))
    assert list(rollen) == [URIRef(f"{BASIS}/begrip/aanvrager")]
    assert gevonden.value(URIRef(f"{BASIS}/begrip/aanvrager"), RDF.type) is not None


# The shapes that the export gives something to check; the others are of what it does not publish.
GETOETST = {
    "Aanvraag",
    "Agent",
    "Criterion",
    "CriterionRequirement",
    "FinanciëleTransactie",
    "Organization",
    "Participation",
    "PeriodOfTime",
    "PublicOrganisation",
    "RequirementGroup",
    "SubsidieToekenning",
    "SubsidieToekenningsbesluit",
    "Subsidiebedrag",
    "Subsidiebeslissing",
    "SubsidiemaatregelAanbod",
    "SubsidiemaatregelConsumptie",
    "Subsidieprocedurestap",
    "Subsidiereglement",
}


def test_which_shapes_are_checked_and_that_they_refuse(wereld: bouw.Wereld, tmp_path: Path):
    betaling = bouw.verstuurde_betaling(wereld)
    betalingen.meld_uitbetaald(betaling, datum=klok.vandaag(), door=wereld.bo)
    pad = tmp_path / "o.jsonld"
    exporteer("--uit", pad)
    gevonden, vormen = graaf(pad), Graph().parse(VORMEN)
    klassen = {str(k).replace("#", "/").rsplit("/", 1)[1] for k in gevonden.objects(None, RDF.type)}
    doelen = {str(k).replace("#", "/").rsplit("/", 1)[1] for k in vormen.objects(None, SH.targetClass)}
    assert klassen & doelen == GETOETST
    for eigenschap in (SUB.transactiedatum, SUBS.uitgekeerdBedrag, SUB.over, DCT.title, SUB.biedtAan):
        kapot = graaf(pad)
        kapot.remove((None, eigenschap, None))
        assert bezwaren(kapot), eigenschap


def test_nothing_of_a_decision_before_its_notification(wereld: bouw.Wereld, tmp_path: Path):
    besluit = bouw.beslist(wereld)
    pad = tmp_path / "o.jsonld"
    assert exporteer("--uit", pad) == f"0 toekenningen geschreven naar {pad}.\n"
    assert json.loads(pad.read_bytes())["@graph"] == []
    beoordeling.geef_kennis(besluit, door=wereld.bea)
    for woorden in (("--jaar", 2021), ("--jaar", 2023)):
        exporteer(*woorden, "--uit", pad)
        assert json.loads(pad.read_bytes())["@graph"] == []
    assert exporteer("--jaar", 2022, "--uit", pad) == f"1 toekenning geschreven naar {pad}.\n"
    assert bezwaren(graaf(pad)) == ""


def test_a_text_stays_as_it_was_typed(wereld: bouw.Wereld, tmp_path: Path):
    titel = '=1+1 "é" \\ </script>'
    bouw.kennisgegeven(wereld, titel=titel)
    pad = tmp_path / "o.jsonld"
    exporteer("--uit", pad)
    assert titel in {str(tekst) for tekst in graaf(pad).objects(None, DCT.title)}
