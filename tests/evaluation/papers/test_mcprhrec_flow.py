from dataclasses import replace

from tests.models.mcprhrec.test_model import OPTIONS, shop, table

from kartograph.evaluation.papers.mcprhrec_flow import PAGE, mermaid, sample_page
from kartograph.models.item_categories import with_categories
from kartograph.models.mcprhrec.model import MCPRHRec, hsprec


def test_the_page_is_what_a_run_on_the_generated_shop_draws():
    assert PAGE.read_text("utf-8") == sample_page()


def test_every_box_tells_what_the_model_holds():
    data = shop(users=12)
    of = table(**{name: f"c{int(name[1:]) // 8}" for name in data.items.external})
    model = MCPRHRec(replace(OPTIONS, neighbours=7)).fit(with_categories(data, of))
    drawn = mermaid(model, data)
    assert f"{len(data.histories.items)} events<br/>12 users" in drawn
    assert "user-category preferences<br/>3 categories" in drawn
    assert "the 7 nearest" in drawn
    assert "walks --> profiles" in drawn


def test_hsprec_has_neither_categories_nor_walks():
    data = shop(users=12)
    drawn = mermaid(MCPRHRec(hsprec(OPTIONS)).fit(data), data)
    assert "co-occurrence" not in drawn
    assert "walks" not in drawn
    assert "matrix --> profiles" in drawn
