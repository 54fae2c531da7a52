"""Mail through the outbox: put ready in the act's transaction, sent after it by the runner."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from kern import outbox

SOORT = "mail"


def zet_mail_klaar(sleutel: str, *, aan: list[str], onderwerp: str, tekst: str) -> None:
    """Put one mail ready per address; `sleutel` names the fact ('dossier 12 indiening 1'), so it is sent once."""
    for adres in sorted(set(aan)):
        outbox.zet_klaar(
            SOORT,
            f"mail {sleutel} {hashlib.sha256(adres.encode()).hexdigest()[:16]}",
            {"aan": adres, "onderwerp": onderwerp, "tekst": tekst},
        )


@outbox.uitvoerder(SOORT)
def verstuur(inhoud: dict[str, Any]) -> None:
    """Send the mail of an outbox row."""
    tekst = f"{inhoud['tekst']}\n\n-- \nOproepenloket\n{settings.ADRES}\n"
    EmailMessage(subject=inhoud["onderwerp"], body=tekst, to=[inhoud["aan"]]).send()
