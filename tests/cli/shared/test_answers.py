"""Answers are shown with the items' titles beside their ids, in one place for all commands."""

import pandas as pd
import pytest

from kartograph.cli.shared import console
from kartograph.cli.shared.answers import print_answers, with_titles


def answers(**columns):
    base = {"user_id": ["u"], "item_id": ["1"], "score": [1.0], "rank": [1], "reason": ["so"], "served_by": ["walk"]}
    return pd.DataFrame(base | columns)


@pytest.mark.server
def test_titles_stand_beside_the_ids_that_they_belong_to(graph):
    graph.query("CREATE (:Item {id: '1', title: 'Copper kettle'}), (:Item {id: '2'})", write=True)
    two = pd.concat([answers(), answers(item_id=["2"])], ignore_index=True)

    assert with_titles(graph, two)["title"].tolist() == ["Copper kettle", None]
    assert list(with_titles(graph, two).columns[:3]) == ["user_id", "item_id", "title"]
    like = pd.DataFrame({"item_id": ["2"], "similar_item_id": ["1"], "rank": [1]})
    assert list(with_titles(graph, like).columns) == ["item_id", "similar_item_id", "title", "rank"]
    assert list(two.columns) == list(answers().columns), "the frame given is as it was"


def test_columns_that_say_nothing_are_left_out_and_refusals_are_lines(capsys):
    served = answers(title=["Copper kettle"])
    refused = answers(rank=[0], item_id=[None], reason=["u has no history"], served_by=["nobody"], title=[None])
    print_answers(pd.concat([served, refused], ignore_index=True), "Lists")
    shown = capsys.readouterr().out
    assert "Copper kettle" in shown and "Lists" in shown
    assert "served_by" not in shown
    assert shown.rstrip().endswith("u has no history")

    print_answers(answers(title=[None], reason=[None]))
    shown = capsys.readouterr().out
    assert "title" not in shown and "reason" not in shown


def test_who_served_an_item_is_left_out_where_it_does_not_fit_beside_the_reasons(capsys, monkeypatch):
    words = {"title": ["Copper kettle"], "reason": ["often in the same session as Brass kettle, which you bought"]}
    two = pd.concat([answers(**words), answers(**words, served_by=["popular-in-category"])], ignore_index=True)

    def shown(columns: int, frame: pd.DataFrame) -> str:
        monkeypatch.setattr(console, "out", console.PlainConsole(width=columns))
        print_answers(frame, "Lists")
        return capsys.readouterr().out

    assert "served_by" in shown(200, two)
    assert "served_by" not in shown(80, two) and shown(80, two).count("Lists") == 1
    assert "served_by" in shown(40, two.assign(reason=None)), "nothing else says it"


def test_a_title_of_thousands_of_letters_is_cut_in_the_table(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    print_answers(answers(title=["K" * 5000], reason=["goes with " + "T" * 5000]))
    shown = capsys.readouterr().out
    assert shown.count("K") == 80 - 1
    assert shown.count("T") == 500 - len("goes with ") - 1
    assert shown.count("…") == 2
