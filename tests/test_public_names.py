"""The public names of the package, and what importing it costs."""

import subprocess
import sys

import pytest

import kartograph as kg


def test_the_public_names_are_these_and_each_is_there():
    assert kg.__all__ == ["Graph", "TrainingData", "errors", "evaluate", "loaders", "models", "where"]
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    assert kg.models.STAN(neighbours=3).options.neighbours == 3
    assert kg.models.MCPRHRec.__name__ == "MCPRHRec"
    assert kg.loaders.interactions.load
    assert kg.where(available=True).available is True
    assert issubclass(kg.errors.BadInput, kg.errors.KartographError)
    with pytest.raises(AttributeError, match="has no attribute 'Magic'"):
        _ = kg.models.Magic


def test_listing_the_models_imports_no_torch():
    script = (
        "import sys\nfrom kartograph.models.registry import declarations\n"
        "found = declarations()\nprint(len(found) > 40, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "False"]


def test_importing_the_package_imports_nothing_heavy():
    script = "import sys, kartograph\nprint([name for name in ('pandas', 'numpy', 'neo4j') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
