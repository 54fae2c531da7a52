"""Filters of the list of dossiers that a person kept under a name."""

from django.db.models import QuerySet

from kern.weigering import eis
from organisaties.models import BewaardeFilter, Gebruiker

MEESTE = 30


def bewaarde_filters(gebruiker: Gebruiker) -> QuerySet[BewaardeFilter]:
    """Return the filters of a person, by name."""
    return BewaardeFilter.objects.filter(gebruiker_id=gebruiker.pk).order_by("naam", "pk")


def bewaar_filter(gebruiker: Gebruiker, *, naam: str, vraag: str) -> BewaardeFilter:
    """Keep a filter; one of the same name is replaced. Raises Weigering: te_veel_filters."""
    eigen = bewaarde_filters(gebruiker)
    vol = eigen.count() >= MEESTE and not eigen.filter(naam=naam).exists()
    eis(not vol, "te_veel_filters", f"U hebt al {MEESTE} bewaarde filters. Verwijder er eerst een.")
    filter_, _ = BewaardeFilter.objects.update_or_create(
        gebruiker_id=gebruiker.pk, naam=naam, defaults={"vraag": vraag}
    )
    return filter_
