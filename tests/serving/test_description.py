"""The OpenAPI description is kept by the real server: whatever it allows is answered as it says."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from kartograph.serving.app import described

pytestmark = pytest.mark.server
schema = schemathesis.openapi.from_dict(described().openapi())


@pytest.fixture(scope="module")
def address(served) -> str:
    return str(served.client.base_url)


@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_call_answers_as_described(case, address) -> None:
    case.call_and_validate(base_url=address)
