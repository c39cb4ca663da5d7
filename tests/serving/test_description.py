"""The OpenAPI description is kept by the real server: whatever it allows is answered as it says."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, core, given, settings
from hypothesis.vendor.pretty import RepresentationPrinter
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kartograph.serving.app import described

# Schemathesis has Hypothesis leave out the values of failed examples, in all tests of the process; they are wanted.
core.RepresentationPrinter = RepresentationPrinter  # pyright: ignore[reportPrivateImportUsage]
pytestmark = pytest.mark.server
CHECKED = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
"""Not whether every request of the right form is taken: a model or an item that there is not is refused."""
FOUND = schemathesis.openapi.from_dict(described().openapi()).get_all_operations()
OPERATIONS = {one.label: one for found in FOUND for one in [found.ok()]}  # pyright: ignore[reportAttributeAccessIssue]


@pytest.fixture(scope="module")
def address(served) -> str:
    return str(served.client.base_url)


@pytest.mark.slow
@pytest.mark.parametrize("call", OPERATIONS)
def test_every_call_answers_as_described(call, address):
    @given(OPERATIONS[call].as_strategy())
    @settings(
        max_examples=8,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def asked(case):
        case.call_and_validate(base_url=address, checks=CHECKED)

    asked()
