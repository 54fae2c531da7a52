"""Mail through the outbox: put ready in the act's transaction, sent after it by the runner.

An act writes a few sentences of plain text; the house templates `templates/mails/` put greeting, link and sender
around them, as text and as HTML. A document that goes along is only named in the row; its package registers who
makes it (`@stukmaker`), and the runner asks for it when the mail leaves.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from kern import outbox

SOORT = "mail"
# What an outbox row of this kind may hold; the first three are always there.
VELDEN = ("aan", "onderwerp", "tekst", "pad", "knop", "stukken")


class Stukbestand(NamedTuple):
    """A document as it goes along with a mail or is downloaded."""

    naam: str
    inhoud: bytes
    mime: str = "application/pdf"


Stukmaker = Callable[[dict[str, Any]], Stukbestand]
_stukmakers: dict[str, Stukmaker] = {}


def stukmaker(soort: str) -> Callable[[Stukmaker], Stukmaker]:
    """Register who makes documents of kind `soort`, from {"soort": soort, ...} as it was named in `zet_mail_klaar`.

    Stands in `stukken.py` of a package: kern/apps.py imports those, so that every runner knows them.
    """

    def registreer(functie: Stukmaker) -> Stukmaker:
        _stukmakers[soort] = functie
        return functie

    return registreer


def zet_mail_klaar(
    sleutel: str,
    *,
    aan: list[str],
    onderwerp: str,
    tekst: str,
    pad: str = "",
    knop: str = "Naar het loket",
    stukken: Sequence[dict[str, Any]] = (),
) -> None:
    """Put one mail ready per address; `sleutel` names the fact ('dossier 12 indiening 1'), so it is sent once.

    tekst: what is new or asked, without greeting or closing; pad: the page it is about, knop: what its link says;
    stukken: documents that go along, each {"soort": ..., and what its maker needs}.
    """
    for stuk in stukken:
        if stuk["soort"] not in _stukmakers:
            raise KeyError(f"geen maker voor stukken van de soort {stuk['soort']}")
    inhoud: dict[str, Any] = {"onderwerp": " ".join(onderwerp.split()), "tekst": tekst}
    if pad:
        inhoud |= {"pad": pad, "knop": knop}
    if stukken:
        inhoud["stukken"] = list(stukken)
    for adres in sorted(set(aan)):
        som = hashlib.sha256(adres.encode()).hexdigest()[:16]
        outbox.zet_klaar(SOORT, f"mail {sleutel} {som}", {"aan": adres, **inhoud})


@outbox.uitvoerder(SOORT)
def verstuur(inhoud: dict[str, Any]) -> list[outbox.Stukmerk]:
    """Send the mail of an outbox row, as text and HTML, with its documents; return what those were."""
    context = {
        "onderwerp": inhoud["onderwerp"],
        "tekst": inhoud["tekst"],
        "link": f"{settings.ADRES.rstrip('/')}{inhoud['pad']}" if inhoud.get("pad") else "",
        "knop": inhoud.get("knop", ""),
        "adres": settings.ADRES,
    }
    brief = EmailMultiAlternatives(
        subject=inhoud["onderwerp"],
        body=render_to_string("mails/basis.txt", context),
        to=[inhoud["aan"]],
        # No "I am on holiday" in answer (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    )
    brief.attach_alternative(render_to_string("mails/basis.html", context), "text/html")
    bestanden = [_stukmakers[stuk["soort"]](stuk) for stuk in inhoud.get("stukken", [])]
    for bestand in bestanden:
        brief.attach(bestand.naam, bestand.inhoud, bestand.mime)
    brief.send()
    return [(bestand.naam, hashlib.sha256(bestand.inhoud).hexdigest()) for bestand in bestanden]
