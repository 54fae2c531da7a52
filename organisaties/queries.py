"""What one may ask about organisations."""

from datetime import date

from django.db.models import Q, QuerySet

from kern.templatetags.loket import dag as dag_tekst
from organisaties.models import Organisatie


def geldig_op(qs: QuerySet[Organisatie], dag: date) -> QuerySet[Organisatie]:
    """Return the organisations that exist on a day; equal to `reden_vervallen` being None."""
    begonnen = Q(geldig_van=None) | Q(geldig_van__lte=dag)
    return qs.filter(begonnen & (Q(geldig_tot=None) | Q(geldig_tot__gt=dag)))


def reden_vervallen(organisatie: Organisatie, dag: date) -> str | None:
    """Return why an organisation does not exist on a day, with the name of its successor, or None."""
    if organisatie.geldig_van and dag < organisatie.geldig_van:
        return f"{organisatie} bestaat pas vanaf {dag_tekst(organisatie.geldig_van)}."
    if organisatie.geldig_tot is None or dag < organisatie.geldig_tot:
        return None
    zin = f"{organisatie} bestaat niet meer sinds {dag_tekst(organisatie.geldig_tot)}."
    return f"{zin} De opvolger is {organisatie.opvolger}." if organisatie.opvolger else zin
