"""Snapshot and receipt of a submission: what was handed in, and the proof of when."""

import json
import secrets
from typing import Any

from dossiers.deminimis.opmaak import als_inhoud
from dossiers.models import Dossier, Indiening, IndieningInhoud
from kern.canoniek import blad, canoniek, moment_tekst, vingerafdruk


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """Return everything that is handed in, in canonical types; the organisation as it is at this moment."""
    organisatie = dossier.organisatie
    return {
        "dossier": dossier.nummer,
        "oproep": dossier.ronde.luik.oproep.slug,
        "luik": dossier.ronde.luik.slug,
        "ronde": dossier.ronde.nummer,
        "formulierversie": dossier.formulierversie.nummer,
        "organisatie": {
            "naam": organisatie.naam,
            "kbo": organisatie.kbo,
            "nis": organisatie.nis,
            "categorie": organisatie.categorie,
            "rechtsvorm": organisatie.rechtsvorm,
            "gemeente": organisatie.gemeente,
        },
        "titel": dossier.titel,
        "iban": dossier.iban,
        "gevraagd_cent": dossier.gevraagd_cent,
        "antwoorden": {a.sleutel: {"waarde": a.waarde, "versie": a.versie} for a in dossier.antwoorden.all()},
        "begroting": [
            {"soort": regel.soort, "omschrijving": regel.omschrijving, "bedrag_cent": regel.bedrag_cent}
            for regel in dossier.begrotingsregels.all()
        ],
        "bijlagen": [
            {"naam": b.bestand.naam, "sha256": b.bestand.sha256, "grootte": b.bestand.grootte, "mime": b.bestand.mime}
            for b in dossier.bijlagen.select_related("bestand")
        ],
        **als_inhoud(dossier),
    }


def maak_indiening(
    dossier: Dossier, *, ontvangstnummer: int, ontvangen_op: Any, door: Any, nagespeeld: bool
) -> Indiening:
    """Store snapshot and receipt of a submission, inside its act, and return it."""
    bytes_snapshot = canoniek(snapshot(dossier))
    zout = secrets.token_bytes(16)
    snapshot_hash = vingerafdruk(zout, bytes_snapshot)
    nonce = secrets.token_bytes(16)
    ontvangst = canoniek(
        {
            "nummer": ontvangstnummer,
            "moment": moment_tekst(ontvangen_op),
            "ronde": dossier.ronde_id,
            "formulierversie": dossier.formulierversie.nummer,
            "snapshot": snapshot_hash.hex(),
            "nonce": nonce.hex(),
        }
    )
    indiening = Indiening.objects.create(
        dossier=dossier,
        ronde=dossier.ronde,
        volgnummer=dossier.indieningen.count() + 1,
        ontvangstnummer=ontvangstnummer,
        ontvangen_op=ontvangen_op,
        ingediend_door=door,
        snapshot_hash=snapshot_hash,
        nonce=nonce,
        ontvangst=ontvangst,
        blad=blad(ontvangst),
        nagespeeld=nagespeeld,
    )
    IndieningInhoud.objects.create(indiening=indiening, zout=zout, snapshot=bytes_snapshot)
    return indiening


def ingediend(dossier: Dossier) -> dict[str, Any] | None:
    """Return the snapshot of the last submission, or None for a draft or an erased snapshot."""
    rij = IndieningInhoud.objects.filter(indiening__dossier_id=dossier.pk).order_by("-indiening__volgnummer").first()
    return None if rij is None else _gelezen(rij)


def inhoud_van(indiening: Indiening) -> dict[str, Any] | None:
    """Return the snapshot of a submission, or None when it was erased."""
    bewaard = getattr(indiening, "bewaarde_inhoud", None)
    return None if bewaard is None else _gelezen(bewaard)


def _gelezen(rij: IndieningInhoud) -> dict[str, Any]:
    uit: dict[str, Any] = json.loads(bytes(rij.snapshot))
    return uit


def als_json(indiening: Indiening) -> dict[str, Any]:
    """Return the receipt for download: all that is needed to check it without this system.

    `ontvangst` is the canonical text whose SHA-256, after one byte 0x00, is `blad`; `snapshot` is the SHA-256
    of the 16 bytes `zout` followed by the canonical text `inhoud` (both absent when erased).
    """
    uit: dict[str, Any] = {
        "ontvangst": bytes(indiening.ontvangst).decode(),
        "blad": bytes(indiening.blad).hex(),
        "dossier": indiening.dossier.nummer,
        "indiening": indiening.volgnummer,
    }
    bewaard = getattr(indiening, "bewaarde_inhoud", None)
    if bewaard is not None:
        uit |= {"zout": bytes(bewaard.zout).hex(), "inhoud": bytes(bewaard.snapshot).decode()}
    return uit
