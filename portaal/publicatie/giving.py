"""360Giving Data Standard 1.4: one package of grants, written grant by grant.

Identifiers: a grant is `<prefix>-<dossier number>`, an organisation `BE-BCE_KBO-<10 digits>`, or `<prefix>-org-<own
key>` where it has no such number, a granter that is not among the organisations `<prefix>-verstrekker-<its name>`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.utils.text import slugify

from kern import geld, klok
from kern.weigering import Weigering
from portaal.publicatie.bron import Beweging, Soort, Toekenning

VERSIE = "1.4"
TITEL = "Toegekende projectsubsidies"


def schrijf(
    toekenningen: Iterable[Toekenning],
    bestand: BinaryIO,
    *,
    prefix: str,
    verstrekkers: Mapping[str, str],
    moment: datetime,
) -> int:
    """Write the package to an open file and return the number of grants.

    Raises Weigering(niets_te_publiceren) when there is none: the standard has no empty package.
    """
    pakket = {"version": VERSIE, "title": TITEL, "issued": klok.vandaag().isoformat(), "modified": _moment(moment)}
    bestand.write(f'{json.dumps(pakket, ensure_ascii=False)[:-1]}, "grants": ['.encode())
    aantal = 0
    for t in toekenningen:
        tekst = json.dumps(grant(t, prefix=prefix, verstrekkers=verstrekkers), ensure_ascii=False)
        bestand.write((",\n" if aantal else "\n").encode() + tekst.encode(errors="replace"))
        aantal += 1
    if not aantal:
        zin = "Er is geen toekenning om te publiceren, en 360Giving kent geen leeg bestand. Er is niets geschreven."
        raise Weigering("niets_te_publiceren", zin)
    bestand.write(b"\n]}\n")
    return aantal


def grant(t: Toekenning, *, prefix: str, verstrekkers: Mapping[str, str]) -> dict[str, Any]:
    """Return an award as a grant."""
    dossier, organisatie, luik = t.dossier, t.dossier.organisatie, t.dossier.ronde.luik
    oproep = luik.oproep
    ident = f"{prefix}-{dossier.nummer}"
    gevraagd = {} if dossier.gevraagd_cent is None else {"amountAppliedFor": bedrag(dossier.gevraagd_cent)}
    return {
        "id": ident,
        "title": dossier.titel,
        "description": f"Project van {organisatie.naam} in de oproep {oproep.titel}, luik {luik.naam}.",
        "currency": "EUR",
        **gevraagd,
        "amountAwarded": bedrag(dossier.toegekend_cent or 0),
        "amountDisbursed": bedrag(t.totaal_cent(Soort.UITBETALING)),
        "awardDate": (dossier.beslist_op or t.bewegingen[0].datum).isoformat(),
        "plannedDates": [{"startDate": luik.project_van.isoformat(), "endDate": luik.project_tot.isoformat()}],
        "fundingOrganization": [_verstrekker(oproep.verstrekker, prefix, verstrekkers)],
        "recipientOrganization": [
            {
                "id": _kbo(organisatie.kbo) if organisatie.kbo else f"{prefix}-org-{organisatie.pk}",
                "name": organisatie.naam,
                **({"addressLocality": organisatie.gemeente} if organisatie.gemeente else {}),
                "addressCountry": "België",
            }
        ],
        "grantProgramme": [{"code": oproep.slug, "title": oproep.titel, "description": oproep.samenvatting}],
        "fromOpenCall": "Yes",
        "beneficiaryLocation": [
            {**({"name": organisatie.gemeente} if organisatie.gemeente else {}), "countryCode": "BE"}
        ],
        "commitmentTransaction": _transacties(t, ident, Soort.VASTLEGGING, Soort.ANNULERING),
        "disbursementTransaction": _transacties(t, ident, Soort.UITBETALING),
        "dateModified": _moment(t.gewijzigd_op),
    }


def bedrag(cent: int) -> int | float:
    """Return cents as a JSON number of at most two decimals; the shortest text of a float is exact to 10^13 cents."""
    return cent // 100 if cent % 100 == 0 else float(geld.euro(cent))


def _transacties(t: Toekenning, ident: str, *soorten: str) -> list[dict[str, Any]]:
    return [_transactie(b, ident) for b in t.bewegingen if b.soort in soorten]


def _transactie(b: Beweging, ident: str) -> dict[str, Any]:
    return {
        "id": f"{ident}-{b.sleutel}",
        "transactionDate": b.datum.isoformat(),
        "currency": "EUR",
        "value": bedrag(b.bedrag_cent),
        "description": Soort(b.soort).label,
    }


def _verstrekker(naam: str, prefix: str, verstrekkers: Mapping[str, str]) -> dict[str, str]:
    kbo = verstrekkers.get(naam)
    return {"id": _kbo(kbo) if kbo else f"{prefix}-verstrekker-{slugify(naam)}", "name": naam}


def _kbo(kbo: str) -> str:
    return f"BE-BCE_KBO-{kbo}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(klok.BRUSSEL).replace(microsecond=0).isoformat()
