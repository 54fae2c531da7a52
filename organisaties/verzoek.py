"""The request as views of signed-in people get it: for the type checker only, nothing is made of this class."""

from datetime import datetime

from django.http import HttpRequest

from organisaties.models import Gebruiker


class Verzoek(HttpRequest):
    """A request of somebody who signed in (kern.aanmelden), stamped on arrival (kern.middleware)."""

    user: Gebruiker
    ontvangen_op: datetime
