"""Chains of events: every act of an object, each hash covering the one before."""

import json
import secrets
from typing import Any

from django.db import models

from kern import klok, sloten
from kern.canoniek import canoniek, vingerafdruk
from kern.models import Gebeurtenis, GebeurtenisInhoud, Keten


def keten_soort(obj: models.Model) -> str:
    """Return the kind of chain of an object: its model's name ('dossier')."""
    return obj._meta.model_name or ""


def vergrendel(objecten: list[models.Model]) -> None:
    """Lock the chains of these objects in order; an act on more than one object does this before its first event."""
    sleutels = [_keten_sleutel(obj) for obj in objecten]
    sloten.neem(Keten, sleutels)


def schrijf(
    obj: models.Model,
    handeling: str,
    *,
    door: Any,
    van: str = "",
    naar: str = "",
    inhoud: dict[str, Any] | None = None,
) -> Gebeurtenis:
    """Add an event to the chain of `obj`, inside the transaction of the act, and return it.

    door: the user who acts; van, naar: states before and after (empty when the state does not change);
    inhoud: payload in canonical types (kern/canoniek.py).
    """
    keten = sloten.neem_een(Keten, _keten_sleutel(obj))
    zout = secrets.token_bytes(16)
    bytes_inhoud = canoniek(inhoud or {})
    gebeurtenis = Gebeurtenis(
        keten=keten,
        nummer=keten.laatste_nummer + 1,
        handeling=handeling,
        door=door,
        moment=klok.nu(),
        van=van,
        naar=naar,
        inhoud_hash=vingerafdruk(zout, bytes_inhoud),
        vorige_hash=bytes(keten.laatste_hash),
        nagespeeld=klok.nagespeeld(),
    )
    gebeurtenis.hash = bereken_hash(gebeurtenis, keten)
    gebeurtenis.save(force_insert=True)
    GebeurtenisInhoud.objects.create(gebeurtenis=gebeurtenis, zout=zout, inhoud=bytes_inhoud)
    keten.laatste_nummer = gebeurtenis.nummer
    keten.laatste_hash = gebeurtenis.hash
    keten.save(update_fields=["laatste_nummer", "laatste_hash"])
    return gebeurtenis


def bereken_hash(gebeurtenis: Gebeurtenis, keten: Keten) -> bytes:
    """Return the hash that the columns of an event must have."""
    return vingerafdruk(
        canoniek(
            {
                "soort": keten.soort,
                "object": keten.object_id,
                "nummer": gebeurtenis.nummer,
                "handeling": gebeurtenis.handeling,
                "door": gebeurtenis.door_id,
                "moment": gebeurtenis.moment,
                "van": gebeurtenis.van,
                "naar": gebeurtenis.naar,
                "inhoud": bytes(gebeurtenis.inhoud_hash).hex(),
                "vorige": bytes(gebeurtenis.vorige_hash).hex(),
                "nagespeeld": gebeurtenis.nagespeeld,
            }
        )
    )


def inhoud_van(gebeurtenis: Gebeurtenis) -> dict[str, Any] | None:
    """Return the payload of an event, or None when it was erased."""
    bewaard = getattr(gebeurtenis, "bewaarde_inhoud", None)
    if bewaard is None:
        return None
    inhoud: dict[str, Any] = json.loads(bytes(bewaard.inhoud))
    return inhoud


def gebeurtenissen_van(obj: models.Model) -> models.QuerySet[Gebeurtenis]:
    """Return the events of an object, oldest first, with actor and payload read along."""
    return (
        Gebeurtenis.objects.filter(keten__soort=keten_soort(obj), keten__object_id=obj.pk)
        .select_related("door", "bewaarde_inhoud")
        .order_by("nummer")
    )


def _keten_sleutel(obj: models.Model) -> int:
    if isinstance(obj, Keten):  # an act on the chain itself (kern/privacy.py)
        return obj.pk
    keten, _ = Keten.objects.get_or_create(soort=keten_soort(obj), object_id=obj.pk)
    return keten.pk
