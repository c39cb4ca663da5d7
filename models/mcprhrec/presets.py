"""The systems of the MCPRHRec family and their relatives, as options of shared parts.

Weights of MCPRHRec, MCE-HSPRec and HSPRec were learned by `benchmarks/tune_hsprec.py` on the last purchase of
RetailRocket's buyers, with derived categories, never on a test part: a user's own cells against neighbours on all 885
cases, shares and the weight of categories on 400 of them (NDCG@20 0.0292 for HSPRec and MCPRHRec, 0.0285 for
MCE-HSPRec: a tie). The relatives are read from what the paper says of them:

- HPCRec (Xiao, Ezeife 2018): consequences of clicks without an order, similarity by frequency alone.
- HOPE (Choi, Yoo, Kim, Suh 2012): collaborative filtering on purchases and sequential patterns of purchases, summed.
- SEERS: the same two, their support, neighbours and weight tuned.
- MuSIF (Schoinas, Tjortjis 2019): collaborative filtering on actions weighted by their kind.
- UIBB (Abdul Hussien, Rahma, Abdulwahab 2021): the same, weighted by how rare a kind of action is.
"""

from dataclasses import replace

from kartograph.models.mcprhrec.click_purchase import ClickPurchase
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions, hsprec, mce_hsprec
from kartograph.models.mcprhrec.profiles import ProfileOptions
from kartograph.models.mcprhrec.user_items import UserItemOptions
from kartograph.models.patterns.gsp import MiningOptions
from kartograph.models.registry import model

_RULES = UserItemOptions(mining=MiningOptions(support=2, longest=2))
_BY_ITEMS = ProfileOptions(item_share=1.0, category_share=0.0, pagerank_share=0.0)

MCPRHREC = MCPRHRecOptions(
    own=0.23,
    collaborative=0.76,
    category=0.01,
    profile=ProfileOptions(item_share=0.98, category_share=0.01, pagerank_share=0.01),
    user_items=_RULES,
)
MCE_HSPREC = mce_hsprec(MCPRHREC)
HSPREC = hsprec(MCPRHREC)

model(
    "hsprec",
    "sequential rules, click-purchase similarity, neighbours by items, K 20",
    serves="a history",
    tuned_for="interactions",
    options=HSPREC,
)(MCPRHRec)
model(
    "hsprec-50", "the same, K 50", serves="a history", tuned_for="interactions", options=replace(HSPREC, neighbours=50)
)(MCPRHRec)
model(
    "mce-hsprec",
    "HSPRec with categories and their co-occurrence, K 20",
    serves="a history",
    tuned_for="interactions",
    options=MCE_HSPREC,
)(MCPRHRec)
model(
    "mce-hsprec-50",
    "the same, K 50",
    serves="a history",
    tuned_for="interactions",
    options=replace(MCE_HSPREC, neighbours=50),
)(MCPRHRec)
model(
    "mcprhrec",
    "MCE-HSPRec with personalised PageRank of categories, K 20",
    serves="anyone",
    tuned_for="interactions",
    options=MCPRHREC,
)(MCPRHRec)
model(
    "mcprhrec-50", "the same, K 50", serves="anyone", tuned_for="interactions", options=replace(MCPRHREC, neighbours=50)
)(MCPRHRec)
model(
    "mcprhrec-global",
    "MCPRHRec with the categories' global PageRank, as in the paper",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, profile=replace(MCPRHREC.profile, pagerank="global")),
)(MCPRHRec)
model(
    "mcprhrec-no-patterns",
    "MCPRHRec without rules",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, user_items=replace(_RULES, rules=())),
)(MCPRHRec)
model(
    "mcprhrec-no-co-occurrence",
    "MCPRHRec without co-occurrence of categories",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, profile=replace(MCPRHREC.profile, spread=0.0)),
)(MCPRHRec)
model(
    "mcprhrec-no-cf",
    "MCPRHRec without neighbours",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, own=0.5, collaborative=0.0, category=0.5),
)(MCPRHRec)
model(
    "hpcrec",
    "clicks with their consequences, without an order",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own=0.2,
        collaborative=0.8,
        category=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(
            mining=MiningOptions(support=2, longest=2),
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
        own=0.5,
        collaborative=0.5,
        category=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(mining=MiningOptions(support=2, longest=3), rules=("purchases",), clicks=False),
    ),
)(MCPRHRec)
model(
    "seers",
    "the same two, tuned",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        neighbours=50,
        own=0.1,
        collaborative=0.9,
        category=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(mining=MiningOptions(support=2, longest=2), rules=("purchases",), clicks=False),
    ),
)(MCPRHRec)
model(
    "musif",
    "neighbours by actions, weighted by kind",
    serves="a history",
    tuned_for="none",
    options=MCPRHRecOptions(
        own=0.0,
        collaborative=1.0,
        category=0.0,
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
        own=0.0,
        collaborative=1.0,
        category=0.0,
        profile=_BY_ITEMS,
        user_items=UserItemOptions(rules=(), actions="statistical"),
    ),
)(MCPRHRec)
