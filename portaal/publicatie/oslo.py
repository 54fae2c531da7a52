"""OSLO "Besluit Subsidie" (2019-12-02) as JSON-LD: one graph, written award by award.

Its published IRIs are used as they stand, http and https mixed and `m8gx:role` with its typing mistake included.
Amounts are schema:MonetaryAmount with a decimal text. The profile has no cancellation of a commitment: that is
`loket:Annulering`, a term of our own; what stays committed is `subs:vastgelegdBedrag` of the Subsidieregister profile.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.text import slugify

from kern import geld, klok
from oproepen.models import Criterium, Luik, Ronde
from portaal.publicatie.bron import Beweging, Soort, Toekenning

Knoop = dict[str, Any]

CONTEXT = {
    "sub": "http://data.vlaanderen.be/ns/subsidie#",
    "subs": "https://data.vlaanderen.be/ns/subsidie#",
    "bes": "http://data.vlaanderen.be/ns/besluit#",
    "bst": "https://data.vlaanderen.be/ns/bestuur#",
    "mob": "https://data.vlaanderen.be/ns/mobiliteit#",
    "tr": "http://data.vlaanderen.be/ns/transactie#",
    "m8g": "http://data.europa.eu/m8g/",
    "m8gx": "http://data.europe.eu/m8g/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dct": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schs": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def schrijf(
    toekenningen: Iterable[Toekenning],
    bestand: BinaryIO,
    *,
    basis: str,
    criteria: Mapping[int, Sequence[Criterium]],
) -> int:
    """Write the graph to an open file and return the number of awards. basis: begin of our own IRIs."""
    context = {**CONTEXT, "loket": f"{basis}/ns#"}
    bestand.write(f'{{"@context": {json.dumps(context)}, "@graph": ['.encode())
    aantal, eerste = 0, True
    luiken: set[int] = set()
    rondes: set[int] = set()
    for t in toekenningen:
        ronde = t.dossier.ronde
        knopen = [] if luiken else _begrippen(basis)
        if ronde.luik_id not in luiken:
            knopen += _aanbod(ronde.luik, criteria.get(ronde.luik.oproep_id, ()), basis)
        if ronde.pk not in rondes:
            knopen += _stap(ronde, basis)
        luiken.add(ronde.luik_id)
        rondes.add(ronde.pk)
        for knoop in [*knopen, *award(t, basis)]:
            tekst = json.dumps(knoop, ensure_ascii=False)
            bestand.write(("\n" if eerste else ",\n").encode() + tekst.encode(errors="replace"))
            eerste = False
        aantal += 1
    bestand.write(b"\n]}\n")
    return aantal


def award(t: Toekenning, basis: str) -> list[Knoop]:
    """Return the nodes of an award: dossier, application, applicant, decision and payments."""
    dossier = t.dossier
    consumptie, aanvraag = f"{basis}/id/dossier/{dossier.nummer}", f"{basis}/id/aanvraag/{dossier.nummer}"
    toekenning, deelname = f"{basis}/id/toekenning/{dossier.nummer}", f"{basis}/id/deelname/{dossier.nummer}"
    betalingen = list(_bewegingen(t, Soort.UITBETALING, basis))
    annuleringen = list(_bewegingen(t, Soort.ANNULERING, basis))
    vastgelegd = t.totaal_cent(Soort.VASTLEGGING, Soort.ANNULERING)
    besluit = f"{basis}/id/besluit/{t.besluit.pk}"
    return [
        {
            "@id": consumptie,
            "@type": "sub:SubsidiemaatregelConsumptie",
            "dct:title": _nl(dossier.titel),
            "tr:isInstantieVan": _naar(_aanbod_iri(dossier.ronde.luik, basis)),
            "prov:wasGeneratedBy": _naar(aanvraag),
            "m8g:hasParticipation": _naar(deelname),
            "subs:vastgelegdBedrag": _bedrag(vastgelegd),
            "cpsv:produces": [_naar(besluit), *(_naar(iri) for iri, _ in betalingen)],
        },
        _aanvraag(t, aanvraag),
        *_aanvrager(t, deelname, basis),
        {
            "@id": toekenning,
            "@type": ["sub:SubsidieToekenning", "sub:Subsidiebeslissing"],
            "sub:over": _naar(consumptie),
            "sub:toegekendBedrag": _bedrag(dossier.toegekend_cent or 0),
            "eli:passed_by": _naar(_beslisser_iri(t, basis)),
        },
        {"@id": _beslisser_iri(t, basis), "@type": "bst:Bestuursorgaan", "skos:prefLabel": _nl(t.besluit.beslisser)},
        {
            "@id": besluit,
            "@type": "sub:SubsidieToekenningsbesluit",
            "adms:identifier": _kenmerk(besluit, t.besluit.nummer),
            "eli:date_document": _dag(t.besluit.datum),
            "eli:realizes": _naar(toekenning),
        },
        *(
            {
                "@id": iri,
                "@type": "sub:FinanciëleTransactie",
                "dct:requires": _naar(toekenning),
                "sub:transactiedatum": _dag(b.datum),
                "subs:uitgekeerdBedrag": _bedrag(b.bedrag_cent),
            }
            for iri, b in betalingen
        ),
        *(
            {
                "@id": iri,
                "@type": "loket:Annulering",
                "dct:requires": _naar(toekenning),
                "dct:date": _dag(b.datum),
                "loket:geannuleerdBedrag": _bedrag(-b.bedrag_cent),
            }
            for iri, b in annuleringen
        ),
    ]


def _bewegingen(t: Toekenning, soort: str, basis: str) -> Iterator[tuple[str, Beweging]]:
    for b in t.bewegingen:
        if b.soort == soort:
            yield f"{basis}/id/{soort}/{b.sleutel}", b


def _aanvraag(t: Toekenning, iri: str) -> Knoop:
    knoop: Knoop = {"@id": iri, "@type": "sub:Aanvraag"}
    if t.dossier.ingediend_op is not None:
        knoop["sub:aanvraagdatum"] = _dag(t.dossier.ingediend_op.astimezone(klok.BRUSSEL).date())
    if t.dossier.gevraagd_cent is not None:
        knoop["sub:aangevraagdBedrag"] = _bedrag(t.dossier.gevraagd_cent)
    return knoop


def _aanvrager(t: Toekenning, deelname: str, basis: str) -> list[Knoop]:
    organisatie = t.dossier.organisatie
    iri = f"{basis}/id/organisatie/{organisatie.pk}"
    return [
        {
            "@id": deelname,
            "@type": "m8g:Participation",
            "dct:description": "Aanvrager en begunstigde",
            "m8gx:role": _naar(f"{basis}/id/begrip/aanvrager"),
        },
        {
            "@id": iri,
            "@type": ["org:Organization", "dct:Agent"],
            "skos:prefLabel": _nl(organisatie.naam),
            "adms:identifier": _kenmerk(iri, organisatie.kbo or f"org-{organisatie.pk}"),
            "m8g:playsRole": _naar(deelname),
        },
    ]


def _begrippen(basis: str) -> list[Knoop]:
    return [
        {"@id": f"{basis}/id/begrip/{naam.lower()}", "@type": "skos:Concept", "skos:prefLabel": _nl(naam)}
        for naam in ("Aanvrager", "Toekenning")
    ]


def _aanbod(luik: Luik, criteria: Sequence[Criterium], basis: str) -> list[Knoop]:
    """Return the nodes of a track: what it offers, under which call, by whom, judged on what."""
    oproep, iri = luik.oproep, _aanbod_iri(luik, basis)
    reglement = f"{basis}/id/oproep/{oproep.slug}"
    verstrekker = f"{basis}/id/verstrekker/{slugify(oproep.verstrekker)}"
    return [
        {"@id": reglement, "@type": "sub:Subsidiereglement", "sub:doelstelling": oproep.samenvatting},
        {"@id": verstrekker, "@type": "m8g:PublicOrganisation", "skos:prefLabel": _nl(oproep.verstrekker)},
        {
            "@id": iri,
            "@type": "sub:SubsidiemaatregelAanbod",
            "dct:title": _nl(str(luik)),
            "m8g:hasCompetentAuthority": _naar(verstrekker),
            "m8g:hasFormalFramework": _naar(reglement),
            "sub:biedtAan": {
                "@id": f"{iri}/bedrag",
                "@type": "sub:Subsidiebedrag",
                "schs:name": "Hoogstens per project",
                "sub:maximumbedragString": f"{geld.decimaal_tekst(luik.maximum_cent)} EUR",
            },
            "m8g:hasCriterion": [_naar(_criterium_iri(criterium, basis)) for criterium in criteria],
        },
        *(_criterium(criterium, basis) for criterium in criteria),
    ]


def _criterium(criterium: Criterium, basis: str) -> Knoop:
    iri = _criterium_iri(criterium, basis)
    return {
        "@id": iri,
        "@type": "m8g:Criterion",
        "dct:title": criterium.naam,
        "adms:identifier": _kenmerk(iri, criterium.sleutel),
        "sub:toepasbaarVoorBeslissing": _naar(f"{basis}/id/begrip/toekenning"),
        "m8g:fulfilledByRequirementGroup": {
            "@id": f"{iri}/groep",
            "@type": "m8g:RequirementGroup",
            "m8g:hasCriterionRequirement": {
                "@id": f"{iri}/vereiste",
                "@type": "m8g:CriterionRequirement",
                "dct:description": criterium.uitleg or criterium.naam,
            },
        },
    }


def _stap(ronde: Ronde, basis: str) -> list[Knoop]:
    iri = f"{basis}/id/ronde/{ronde.pk}"
    stap = {
        "@id": iri,
        "@type": "sub:Subsidieprocedurestap",
        "dct:description": f"Indienen, ronde {ronde.nummer}",
        "mob:periode": {
            "@id": f"{iri}/periode",
            "@type": "m8g:PeriodOfTime",
            "m8g:startTime": _tijdstip(ronde.opent_op),
            "m8g:endTime": _tijdstip(ronde.sluit_op),
        },
    }
    return [{"@id": _aanbod_iri(ronde.luik, basis), "cpsv:follows": _naar(iri)}, stap]


def _aanbod_iri(luik: Luik, basis: str) -> str:
    return f"{basis}/id/oproep/{luik.oproep.slug}/{luik.slug}"


def _criterium_iri(criterium: Criterium, basis: str) -> str:
    return f"{basis}/id/criterium/{criterium.pk}"


def _beslisser_iri(t: Toekenning, basis: str) -> str:
    return f"{basis}/id/bestuursorgaan/{slugify(t.besluit.beslisser)}"


def _naar(iri: str) -> Knoop:
    return {"@id": iri}


def _nl(tekst: str) -> Knoop:
    return {"@value": tekst, "@language": "nl"}


def _dag(dag: date | None) -> Knoop | None:
    return None if dag is None else {"@value": dag.isoformat(), "@type": "xsd:date"}


def _tijdstip(moment: datetime) -> Knoop:
    return {"@value": moment.astimezone(klok.BRUSSEL).isoformat(), "@type": "xsd:dateTime"}


def _kenmerk(van: str, tekst: str) -> Knoop:
    return {"@id": f"{van}/kenmerk", "@type": "adms:Identifier", "skos:notation": tekst}


def _bedrag(cent: int) -> Knoop:
    return {"@type": "schs:MonetaryAmount", "schs:value": geld.decimaal_tekst(cent), "schs:currency": "EUR"}
