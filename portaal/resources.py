"""The columns of the Subsidieregister and of the auditor's report. They stand here and nowhere else."""

from collections.abc import Callable
from datetime import date
from typing import Any

from betalingen.bank.pain import end_to_end_id
from betalingen.models import AANTALLEN
from betalingen.resources import VASTLEGGINGSNUMMER
from kern.resources import CentWidget, DagWidget, EuroWidget, GetalWidget, Kolom, MomentWidget, Rekenblad
from kern.weg import REGISTER


class RegisterResource(Rekenblad):
    """One row per award and year, and one per award and year with cancellations."""

    beleidsdomein = Kolom("beleidsdomein", "Beleidsdomein", breedte=36)
    thema = Kolom("thema", "Thema", breedte=36, uitleg="De oproep.")
    subthema = Kolom("subthema", "Subthema", uitleg="Het luik van de oproep.")
    verstrekker = Kolom("verstrekker", "Verstrekker", breedte=36)
    kbo = Kolom("kbo", "KBO-nr", breedte=14)
    vestiging = Kolom("vestiging", "Vestiging", uitleg="Leeg: het loket houdt geen vestigingsnummers bij.")
    naam = Kolom("naam", "Naam subsidieontvanger", breedte=36)
    postcode = Kolom("postcode", "Postcode", uitleg="Leeg: het loket houdt geen adressen bij.")
    gemeente = Kolom("gemeente", "Gemeente")
    land = Kolom("land", "Land", breedte=12)
    jaar = Kolom("jaar", "Jaar", GetalWidget())
    toegekend = Kolom(
        "toegekend",
        "Toegekend (EUR)",
        EuroWidget(),
        uitleg="In het jaar van het besluit; een annulering staat als negatief bedrag in haar eigen jaar.",
    )
    betaald = Kolom(
        "betaald",
        "Betaald (EUR)",
        EuroWidget(),
        uitleg="In het jaar van de betaling. Bedragen zijn zo afgerond dat de som per begunstigde en oproep klopt.",
    )


def _uit(veld: str, sleutel: str) -> Callable[[Any], Any]:
    """Return a function that gives one value of an object that the query made of several columns."""
    return lambda regel: (getattr(regel, veld) or {}).get(sleutel)


def _bankdatum(regel: Any) -> date | None:
    dag = (regel.bank or {}).get("datum")
    return date.fromisoformat(dag) if dag else None


def _kenmerk(regel: Any) -> str:
    return end_to_end_id(regel.opdracht["nummer"], regel.betaling_id) if regel.opdracht else ""


def _handeling(regel: Any) -> str:
    handeling = REGISTER.get(regel.gebeurtenis.handeling)
    return handeling.omschrijving if handeling else ""


class ControlespoorResource(Rekenblad):
    """One row per journal line: from the credit over decision, order and file to the line of the bank."""

    regel = Kolom("pk", "Regel", GetalWidget())
    geboekt_op = Kolom("geboekt_op", "Geboekt op", MomentWidget())
    feitdatum = Kolom("feitdatum", "Datum", DagWidget(), uitleg="Dag waarop het gebeurde; bepaalt het jaar.")
    soort = Kolom("get_soort_display", "Soort", breedte=26)
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget(), uitleg="Een tegenboeking is negatief.")
    artikel = Kolom("krediet__artikel__code", "Artikel", breedte=26)
    jaar = Kolom("krediet__jaar", "Begrotingsjaar", GetalWidget())
    oproep = Kolom("oproep__titel", "Oproep", breedte=28)
    luik = Kolom("luik__naam", "Luik", breedte=14)
    ronde = Kolom("ronde__nummer", "Ronde", GetalWidget())
    dossier = Kolom("dossier__nummer", "Dossier", breedte=16)
    organisatie = Kolom("dossier__organisatie__naam", "Begunstigde", breedte=28)
    kbo = Kolom("dossier__organisatie__kbo", "KBO-nummer", breedte=14)
    vastlegging = Kolom(
        "vastlegging", VASTLEGGINGSNUMMER, breedte=20, uitleg="Van het dossier; leeg zolang niets vastgelegd is."
    )
    besluit = Kolom("besluit_nummer", "Besluit", breedte=18, uitleg="Van de toekenning; leeg vóór de handtekening.")
    besluit_datum = Kolom("besluit_datum", "Datum besluit", DagWidget())
    schijf = Kolom("betaling__schijf__naam", "Schijf", breedte=16)
    opdracht = Kolom(
        "opdracht",
        "Betaalopdracht",
        waarde=_uit("opdracht", "nummer"),
        breedte=16,
        uitleg="Leeg voor wat in geen opdracht vertrok: een verrekening.",
    )
    end_to_end_id = Kolom("end_to_end_id", "Kenmerk betaling", waarde=_kenmerk, breedte=22, uitleg="End-to-end id.")
    bestand = Kolom(
        "bestand",
        "Betaalbestand (sha256)",
        waarde=_uit("opdracht", "bestand"),
        uitleg="Van het laatste bestand dat van de opdracht gemaakt is.",
    )
    afschrift = Kolom("afschrift", "Afschrift", GetalWidget(), waarde=_uit("bank", "afschrift"))
    afschrift_sha256 = Kolom("sha256", "Afschrift (sha256)", waarde=_uit("bank", "sha256"))
    plaats = Kolom("plaats", "Regel van het afschrift", waarde=_uit("bank", "plaats"), uitleg="Plaats in het bestand.")
    bankdatum = Kolom("bankdatum", "Datum bank", DagWidget(), waarde=_bankdatum)
    referentie = Kolom(
        "referentie",
        "Referentie bank",
        waarde=_uit("bank", "referentie"),
        breedte=24,
        uitleg="Kenmerk op de regel van de bank, of wat de boekhouder ervan overnam.",
    )
    sleutel = Kolom("sleutel", "Bankregel", waarde=_uit("bank", "sleutel"), uitleg="Sleutel van de regel in het loket.")
    terugvordering = Kolom("terugvordering__nummer", "Terugvordering", breedte=16)
    terug_besluit = Kolom("terugvordering__besluit_nummer", "Beslissing terugvordering", breedte=18)
    terug_datum = Kolom("terugvordering__besluit_datum", "Datum beslissing terugvordering", DagWidget())
    handeling = Kolom("handeling", "Handeling", waarde=_handeling, breedte=32)
    naam = Kolom("gebeurtenis__handeling", "Naam van de handeling", breedte=26)
    keten = Kolom("gebeurtenis__keten", "Keten", breedte=18, uitleg="Van welk object de gebeurtenis is.")
    nummer = Kolom("gebeurtenis__nummer", "Gebeurtenis", GetalWidget(), uitleg="Volgnummer in de keten.")
    hash = Kolom(
        "hash",
        "Hash van de gebeurtenis",
        waarde=lambda regel: bytes(regel.gebeurtenis.hash).hex(),
        uitleg="Manage.py controleer rekent ze na.",
    )
    door = Kolom("gebeurtenis__door__naam", "Door")


_VERSCHIL = "+".join(
    [
        *(f"ABS({{opening_{g}_cent}}+{{wijziging_{g}_cent}}-{{stand_{g}_cent}})" for g in ("limiet", "betaalkrediet")),
        *(f"ABS({{{naam}_cent}}-{{stand_{naam}_cent}})" for naam in AANTALLEN),
    ]
)


class AansluitingResource(Rekenblad):
    """One row per credit: all its bookings beside its totals."""

    jaar = Kolom("jaar", "Jaar", GetalWidget())
    artikel = Kolom("artikel", "Artikel", breedte=26)
    boekingen = Kolom("boekingen", "Boekingen", GetalWidget(), uitleg="Alle boekingen op het krediet.")
    in_dit_blad = Kolom(
        "in_dit_blad",
        "Waarvan in dit blad",
        GetalWidget(),
        uitleg="Minder dan alle boekingen: de andere zijn van een andere oproep, of de lijst is gefilterd.",
    )
    verschil_cent = Kolom(
        "verschil_cent",
        "Verschil",
        CentWidget(),
        formule=_VERSCHIL,
        uitleg="Alle verschillen tussen boekingen en stand samen, zonder hun teken: dit is 0.",
    )
    opening_limiet_cent = Kolom(
        "opening_limiet_cent", "VAK bij opening", CentWidget(), uitleg="Vastleggingskrediet, eerste inschrijving."
    )
    wijziging_limiet_cent = Kolom("wijziging_limiet_cent", "VAK gewijzigd", CentWidget(), uitleg="Door herverdelingen.")
    opening_betaalkrediet_cent = Kolom(
        "opening_betaalkrediet_cent", "VEK bij opening", CentWidget(), uitleg="Betaalkrediet, eerste inschrijving."
    )
    wijziging_betaalkrediet_cent = Kolom("wijziging_betaalkrediet_cent", "VEK gewijzigd", CentWidget())
    gereserveerd_cent = Kolom("gereserveerd_cent", "Gereserveerd", CentWidget())
    vastlegging_cent = Kolom("vastlegging_cent", "Vastleggingen", CentWidget())
    annulering_cent = Kolom("annulering_cent", "Annuleringen", CentWidget())
    vastgelegd_cent = Kolom(
        "vastgelegd_cent", "Vastgelegd", CentWidget(), formule="{vastlegging_cent}+{annulering_cent}"
    )
    vervallen_cent = Kolom("vervallen_cent", "Vervallen", CentWidget(), uitleg="In een later jaar geannuleerd.")
    vereffend_cent = Kolom("vereffend_cent", "Vereffend", CentWidget())
    uitbetaald_cent = Kolom("uitbetaald_cent", "Uitbetaald", CentWidget())
    teruggevorderd_cent = Kolom("teruggevorderd_cent", "Teruggevorderd", CentWidget())
    ontvangen_cent = Kolom("ontvangen_cent", "Ontvangen", CentWidget())
    stand_limiet_cent = Kolom("stand_limiet_cent", "Stand VAK", CentWidget())
    stand_betaalkrediet_cent = Kolom("stand_betaalkrediet_cent", "Stand VEK", CentWidget())
    stand_gereserveerd_cent = Kolom("stand_gereserveerd_cent", "Stand gereserveerd", CentWidget())
    stand_vastgelegd_cent = Kolom("stand_vastgelegd_cent", "Stand vastgelegd", CentWidget())
    stand_vervallen_cent = Kolom("stand_vervallen_cent", "Stand vervallen", CentWidget())
    stand_vereffend_cent = Kolom("stand_vereffend_cent", "Stand vereffend", CentWidget())
    stand_uitbetaald_cent = Kolom("stand_uitbetaald_cent", "Stand uitbetaald", CentWidget())
    stand_teruggevorderd_cent = Kolom("stand_teruggevorderd_cent", "Stand teruggevorderd", CentWidget())
    stand_ontvangen_cent = Kolom("stand_ontvangen_cent", "Stand ontvangen", CentWidget())
