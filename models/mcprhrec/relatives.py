"""The systems that MCPRHRec's paper reviews, as options of the parts they share with it.

    score(u, i) = own · Q(u, i) + collaborative · Σ_{v ∈ N(u)} sim(u, v) · Q(v, i), each part divided by its maximum

- `hpcrec`, HPCRec (Xiao and Ezeife 2018): Q from consequences of clicks without an order, similarity of clicks and
  purchases by frequency alone.
- `hope`, HOPE (Choi, Yoo, Kim and Suh 2012): collaborative filtering on purchases and sequential patterns of purchases,
  half each.
- `seers`, SEERS: the same two, their support, neighbours and weight tuned.
- `musif`, MuSIF (Schoinas and Tjortjis 2019): collaborative filtering alone, on actions weighted by their kind.
- `uibb`, UIBB (Abdul Hussien, Rahma and Abdulwahab 2021): the same, an action weighing more the rarer its kind is.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), section 2, which describes
them.
"""

from kartograph.models.mcprhrec.click_purchase import ClickPurchase
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.mcprhrec.profiles import ProfileOptions
from kartograph.models.mcprhrec.user_items import UserItemOptions
from kartograph.models.patterns.gsp import MiningOptions
from kartograph.models.registry import model

_BY_ITEMS = ProfileOptions(item_share=1.0, category_share=0.0, pagerank_share=0.0)

model(
    "hpcrec",
    "clicks with their consequences, without an order",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own_weight=0.2,
        collaborative_weight=0.8,
        category_weight=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(
            mining=MiningOptions(support=2, max_length=2),
            rules=("clicks",),
            similarity=ClickPurchase(sequence=0.0, frequency=1.0),
        ),
    ),
)(MCPRHRec)
model(
    "hope",
    "neighbours by purchases and patterns of purchases, half each",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own_weight=0.5,
        collaborative_weight=0.5,
        category_weight=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(mining=MiningOptions(support=2, max_length=3), rules=("purchases",), clicks=False),
    ),
)(MCPRHRec)
model(
    "seers",
    "the same two, tuned",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        neighbours=50,
        own_weight=0.1,
        collaborative_weight=0.9,
        category_weight=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(mining=MiningOptions(support=2, max_length=2), rules=("purchases",), clicks=False),
    ),
)(MCPRHRec)
model(
    "musif",
    "neighbours by actions, weighted by kind",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own_weight=0.0,
        collaborative_weight=1.0,
        category_weight=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(rules=(), actions="weighted"),
    ),
)(MCPRHRec)
model(
    "uibb",
    "neighbours by actions, weighted by rarity",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own_weight=0.0,
        collaborative_weight=1.0,
        category_weight=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(rules=(), actions="statistical"),
    ),
)(MCPRHRec)
