"""Every package that Kartograph uses has a licence on the page, and the page says what the packages say."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from kartograph.reference.licences import NOT_DECLARED, PAGE, declared, licence, packages

ROWS = dict(re.findall(r"^\| (\S+) \| (?:yes)? ?\| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))


def test_every_installed_package_that_is_used_has_a_licence():
    assert {name: licence(of) for name, (of, _) in packages().items() if not licence(of)} == {}


def test_every_package_that_the_project_names_is_on_the_page_with_its_licence():
    shown = {re.sub(r"[-_.]+", "-", name).lower(): text for name, text in ROWS.items()}
    assert len(shown) > 100
    for requirement in declared():
        try:
            there = distribution(requirement.name)
        except PackageNotFoundError:  # of an extra that is not installed here
            continue
        assert shown[re.sub(r"[-_.]+", "-", requirement.name).lower()] == licence(there), requirement.name


def test_licences_that_metadata_lack_are_of_packages_that_lack_them():
    installed = packages()
    for name in NOT_DECLARED:
        if name in installed:
            metadata = installed[name][0].metadata
            assert "License-Expression" not in metadata and "License" not in metadata
