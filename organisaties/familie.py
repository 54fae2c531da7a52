"""Organisations that are one over time: with the predecessors and successors of each."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from organisaties.models import Organisatie


def families(sleutels: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return, by key, the keys of an organisation with all its predecessors and successors."""
    begin = set(sleutels)
    banden: dict[int, set[int]] = defaultdict(set)
    bekend, rand = set(begin), set(begin)
    while rand:
        rijen = Organisatie.objects.filter(Q(pk__in=rand) | Q(opvolger__in=rand)).values_list("pk", "opvolger_id")
        for oud, nieuw in rijen:
            if nieuw is not None:
                banden[oud].add(nieuw)
                banden[nieuw].add(oud)
        rand = {ander for sleutel in rand for ander in banden[sleutel]} - bekend
        bekend |= rand
    return {sleutel: frozenset(_bereikbaar(sleutel, banden)) for sleutel in begin}


def _bereikbaar(sleutel: int, banden: dict[int, set[int]]) -> set[int]:
    gezien, rand = {sleutel}, {sleutel}
    while rand:
        rand = {ander for eigen in rand for ander in banden[eigen]} - gezien
        gezien |= rand
    return gezien
