"""The queries under all open data: two, however many awards there are."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oproepen.models import Oproep
from portaal.publicatie import bron, giving, oslo
from portaal.publicatie.subsidieregister import rijen
from tests.hulp import tel_de_rijen
from tests.portaal.veel import bouw_veel


@pytest.fixture(scope="module", params=[1, 3, 6])
def veel(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    with django_db_blocker.unblock(), transaction.atomic():
        veel = bouw_veel(request.param)
        tel_de_rijen()
        yield veel.n
        transaction.set_rollback(True)


def test_two_queries_however_many_awards(veel: int, db: None):
    with CaptureQueriesContext(connection) as gevraagd:
        gevonden = list(bron.toekenningen(Oproep.objects.all()))
        assert len(list(rijen(gevonden, "x"))) >= veel
        for t in gevonden:
            json.dumps(giving.grant(t, prefix="x", verstrekkers={}))
            json.dumps(oslo.award(t, "x"))
    assert len(gevonden) == veel
    assert len(gevraagd.captured_queries) == 2
