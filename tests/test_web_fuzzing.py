"""Requests made up from the description of the server: each is answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import serving
from conftest import FOREIGN
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

# Whether a value is one that there is, no description tells: such a request is answered by 400.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
FEW = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations() -> Iterator[list[Any]]:
    with serving.server(FOREIGN) as address:
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
        found = list(schema.get_all_operations())
        assert all(isinstance(one, Ok) for one in found)
        yield [one.ok() for one in found if isinstance(one, Ok)]


# Requests that break the description take long to make up.
@pytest.mark.parametrize(
    ("mode", "count"), [(GenerationMode.POSITIVE, 4), (GenerationMode.NEGATIVE, 2)]
)
def test_every_operation_answers_as_it_is_described(
    operations: list[Any], mode: GenerationMode, count: int
) -> None:
    assert len(operations) > 30
    wrong = []
    for operation in operations:

        @settings(FEW, max_examples=count)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(timeout=30, checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:
            continue  # nothing of it can be wrong
        except (AssertionError, FailureGroup) as error:
            wrong.append(f"{operation.label}: {error}")
    assert not wrong, "\n\n".join(wrong)
