"""360Giving: one grant in full, the schema, the embargo."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from betalingen import services as betalingen
from betalingen.models import Journaalregel
from dossiers.models import Dossier
from kern import klok
from organisaties.models import Categorie, Organisatie, Rechtsvorm
from portaal.publicatie.giving import bedrag
from tests import bouw
from tests.hulp import ongewijzigd

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).parents[1] / "gegevens" / "360giving"
SOORTEN = [Journaalregel.Soort(soort) for soort in ("vastlegging", "uitbetaling", "annulering")]
DEPARTEMENT = "Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin"


def exporteer(*woorden: Any) -> str:
    uit = StringIO()
    call_command("exporteer", "360giving", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def schema(naam: str) -> dict[str, Any]:
    ruw = json.loads((SCHEMAS / naam).read_text(encoding="utf-8"))
    # Written with http, a validator does not know which version of JSON Schema this is.
    return {**ruw, "$schema": ruw["$schema"].replace("http://", "https://")}


def fouten(pakket: Any) -> list[str]:
    """Return what the schema of a package holds against it."""
    grant, geheel = schema("360-giving-schema.json"), schema("360-giving-package-schema.json")
    # The package points to the schema of a grant by an older version.
    wijst_naar = geheel["properties"]["grants"]["items"]["$ref"]
    register: Any = Registry().with_resource(wijst_naar, Resource.from_contents(grant))
    toets = Draft202012Validator(geheel, registry=register, format_checker=FormatChecker())
    return [fout.message for fout in toets.iter_errors(pakket)]


def lees(pad: Path) -> Any:
    return json.loads(pad.read_bytes())


def test_a_grant_in_full(wereld: bouw.Wereld, tmp_path: Path, settings: Any):
    settings.PUBLICATIE_PREFIX = "360G-proef"
    betaling = bouw.verstuurde_betaling(wereld)
    klok.zet(klok.brussel(2023, 3, 1, 9))
    betalingen.meld_uitbetaald(betaling, datum=date(2023, 2, 27), door=wereld.bo)
    dossier = Dossier.objects.get()
    betalingen.zet_stop(dossier, reden="Het project startte niet.", door=wereld.bart)
    vast, uit, weg = (r.pk for r in dossier.journaalregels.filter(soort__in=SOORTEN).order_by("pk"))
    pad = tmp_path / "g.json"
    with ongewijzigd():
        assert exporteer("--oproep", "zorgzame-buurten", "--jaar", 2022, "--uit", pad) == (
            f"1 toekenning geschreven naar {pad}.\n"
        )
    pakket = lees(pad)
    ident = f"360G-proef-{dossier.nummer}"
    assert pakket == {
        "version": "1.4",
        "title": "Toegekende projectsubsidies",
        "issued": "2023-03-01",
        "modified": "2023-03-01T09:00:00+01:00",
        "grants": [
            {
                "id": ident,
                "title": "De Warme Buurt",
                "description": "Project van Aartselaar in de oproep Zorgzame buurten, luik Vlaanderen.",
                "currency": "EUR",
                "amountAppliedFor": 100000,
                "amountAwarded": 100000,
                "amountDisbursed": 50000,
                "awardDate": "2022-02-01",
                "plannedDates": [{"startDate": "2022-03-01", "endDate": "2024-02-29"}],
                "fundingOrganization": [
                    {
                        "id": "360G-proef-verstrekker-vlaamse-overheid-departement-welzijn-volksgezondheid-en-gezin",
                        "name": DEPARTEMENT,
                    }
                ],
                "recipientOrganization": [
                    {
                        "id": "BE-BCE_KBO-0207508932",
                        "name": "Aartselaar",
                        "addressLocality": "Aartselaar",
                        "addressCountry": "België",
                    }
                ],
                "grantProgramme": [
                    {
                        "code": "zorgzame-buurten",
                        "title": "Zorgzame buurten",
                        "description": wereld.oproep.samenvatting,
                    }
                ],
                "fromOpenCall": "Yes",
                "beneficiaryLocation": [{"name": "Aartselaar", "countryCode": "BE"}],
                "commitmentTransaction": [
                    transactie(f"{ident}-{vast}", "2022-02-01", 100000, "Vastlegging"),
                    transactie(f"{ident}-{weg}", "2023-03-01", -50000, "Annulering van de vastlegging"),
                ],
                "disbursementTransaction": [transactie(f"{ident}-{uit}", "2023-02-27", 50000, "Uitbetaling")],
                "dateModified": "2023-03-01T09:00:00+01:00",
            }
        ],
    }
    assert fouten(pakket) == []


def transactie(ident: str, datum: str, waarde: int, wat: str) -> dict[str, Any]:
    return {"id": ident, "transactionDate": datum, "currency": "EUR", "value": waarde, "description": wat}


def test_signed_and_not_notified_is_nothing_to_publish(wereld: bouw.Wereld, tmp_path: Path):
    bouw.beslist(wereld)
    pad = tmp_path / "g.json"
    with pytest.raises(CommandError) as fout:
        exporteer("--uit", pad)
    assert str(fout.value) == (
        "Er is geen toekenning om te publiceren, en 360Giving kent geen leeg bestand. Er is niets geschreven."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_year_without_decisions_leaves_the_file_that_was_there(wereld: bouw.Wereld, tmp_path: Path):
    bouw.kennisgegeven(wereld)
    pad = tmp_path / "g.json"
    pad.write_text("oud")
    with pytest.raises(CommandError, match="geen toekenning"):
        exporteer("--jaar", 2021, "--uit", pad)
    assert pad.read_text() == "oud"


def test_own_numbers_where_there_is_no_kbo_and_text_as_it_was_typed(wereld: bouw.Wereld, tmp_path: Path):
    bouw.kennisgegeven(wereld, titel='=1+1 "é" \\ </script>')
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(kbo=None, gemeente="")
    Organisatie.objects.create(
        naam=DEPARTEMENT, kbo="0316380841", categorie=Categorie.VERSTREKKER, rechtsvorm=Rechtsvorm.OVERHEID
    )
    pad = tmp_path / "g.json"
    exporteer("--uit", pad)
    pakket = lees(pad)
    assert fouten(pakket) == []
    (grant,) = pakket["grants"]
    assert grant["title"] == '=1+1 "é" \\ </script>'
    ontvanger = f"360G-oproepenloket-org-{wereld.aartselaar.pk}"
    assert grant["recipientOrganization"] == [{"id": ontvanger, "name": "Aartselaar", "addressCountry": "België"}]
    assert grant["fundingOrganization"] == [{"id": "BE-BCE_KBO-0316380841", "name": DEPARTEMENT}]
    assert grant["beneficiaryLocation"] == [{"countryCode": "BE"}]
    assert (grant["amountDisbursed"], grant["disbursementTransaction"]) == (0, [])


@pytest.mark.parametrize(
    ("cent", "tekst"), [(0, "0"), (100, "1"), (-1, "-0.01"), (123456, "1234.56"), (10**13 - 1, "99999999999.99")]
)
def test_an_amount_is_exact(cent: int, tekst: str):
    assert json.dumps(bedrag(cent)) == tekst
