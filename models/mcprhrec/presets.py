"""HSPRec, MCE-HSPRec and MCPRHRec by name: the paper's, tuned ones, and one part changed at a time.

`hsprec`, `mce-hsprec` and `mcprhrec` follow the paper: rules with up to two clicks or purchases on their left side,
from the databases of days, weeks and months; a user-category matrix of purchases; co-occurrence in sessions; the global
PageRank of the categories. The paper states no weights: these are its structure's best ones on validation cases
(`benchmarks/tune_hsprec.py`), the last purchase of RetailRocket's buyers, never a test part: NDCG@20 0.0312, 0.0332 and
0.0333 of the three on 266 cases.

The same names with `-tuned` deviate where that helped on these cases: rules with one item on the left from the order of
events alone, categories of the filled matrix and of whole histories, personalised PageRank. `mcprhrec-…` with another
ending is `mcprhrec` with one part changed: their table says what each part is worth.
"""

from dataclasses import replace

from kartograph.models.mcprhrec.categories import CategoryOptions
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions, hsprec, mce_hsprec
from kartograph.models.mcprhrec.profiles import ProfileOptions
from kartograph.models.mcprhrec.user_items import UserItemOptions
from kartograph.models.patterns.gsp import MiningOptions
from kartograph.models.registry import model
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

_RULES = UserItemOptions(
    periods=("day", "week", "month"),
    mining=MiningOptions(support=3, max_length=3, max_patterns=300_000),
    support_share=0.02,
)

MCPRHREC = MCPRHRecOptions(
    own_weight=0.09,
    collaborative_weight=0.87,
    category_weight=0.04,
    profile=ProfileOptions(item_share=0.98, category_share=0.01, pagerank_share=0.01),
    user_items=_RULES,
)
"""The paper's."""
MCE_HSPREC = mce_hsprec(MCPRHREC)
HSPREC = hsprec(MCPRHREC)

_SHORT_RULES = UserItemOptions(mining=MiningOptions(support=2, max_length=2))
TUNED = MCPRHRecOptions(
    own_weight=0.23,
    collaborative_weight=0.76,
    category_weight=0.01,
    profile=ProfileOptions(item_share=0.98, category_share=0.01, pagerank_share=0.01, pagerank="personalised"),
    user_items=_SHORT_RULES,
    categories=CategoryOptions(
        matrix="filled", within="histories", co_occurrence=CoOccurrenceOptions(min_sessions=1, window=5)
    ),
)
"""MCPRHRec where it was tuned away from the paper."""


model(
    "hsprec",
    "rules of days, weeks and months, click-purchase similarity, neighbours by items, K 20",
    serves="a history",
    tuned_for="interactions",
    options=HSPREC,
)(MCPRHRec)
model(
    "hsprec-50",
    "the same, K 50",
    serves="a history",
    tuned_for="interactions",
    options=replace(HSPREC, neighbours=50),
)(MCPRHRec)
model(
    "hsprec-tuned",
    "HSPRec with short rules from the order of events",
    serves="a history",
    tuned_for="interactions",
    options=hsprec(TUNED),
)(MCPRHRec)
model(
    "mce-hsprec",
    "HSPRec with categories of purchases and their co-occurrence in sessions, K 20",
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
    "mce-hsprec-tuned",
    "MCE-HSPRec with short rules and categories of whole histories",
    serves="a history",
    tuned_for="interactions",
    options=mce_hsprec(TUNED),
)(MCPRHRec)
model(
    "mcprhrec",
    "MCE-HSPRec with the global PageRank of categories, K 20",
    serves="anyone",
    tuned_for="interactions",
    options=MCPRHREC,
)(MCPRHRec)
model(
    "mcprhrec-50",
    "the same, K 50",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, neighbours=50),
)(MCPRHRec)
model(
    "mcprhrec-tuned",
    "MCPRHRec with short rules, categories of whole histories and personalised PageRank",
    serves="anyone",
    tuned_for="interactions",
    options=TUNED,
)(MCPRHRec)
model(
    "mcprhrec-personalised",
    "MCPRHRec with PageRank from each user",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, profile=replace(MCPRHREC.profile, pagerank="personalised")),
)(MCPRHRec)
model(
    "mcprhrec-short-rules",
    "MCPRHRec with one item on the left of a rule",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, user_items=replace(_RULES, mining=replace(_RULES.mining, max_length=2))),
)(MCPRHRec)
model(
    "mcprhrec-no-periods",
    "MCPRHRec with the order of events in place of days, weeks and months",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, user_items=replace(_RULES, periods=("event",))),
)(MCPRHRec)
model(
    "mcprhrec-no-patterns",
    "MCPRHRec without rules",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, user_items=replace(_RULES, rules=())),
)(MCPRHRec)
model(
    "mcprhrec-filled-categories",
    "MCPRHRec with a user-category matrix of clicks and rules as well",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, categories=CategoryOptions(matrix="filled")),
)(MCPRHRec)
model(
    "mcprhrec-histories",
    "MCPRHRec with co-occurrence in whole histories",
    serves="anyone",
    tuned_for="interactions",
    options=replace(MCPRHREC, categories=CategoryOptions(within="histories")),
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
    options=replace(MCPRHREC, own_weight=0.5, collaborative_weight=0.0, category_weight=0.5),
)(MCPRHRec)
