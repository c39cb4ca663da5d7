"""The systems that MCPRHRec's paper reviews, as far as it describes them."""

from kartograph.evaluation.papers.parts.part import Part

_RELATIVES = "models/mcprhrec/relatives.py"
_OF_THEM = "tests/models/mcprhrec/test_reviewed_systems.py"
_ANSWERS = f"{_OF_THEM}::test_every_named_system_answers_users_who_bought"
_FAR = "as far as the review describes it"

REVIEWED = (
    Part("Section 2, HOPE", (_RELATIVES,), ("hope",), "kartograph train hope", (_ANSWERS,), _FAR),
    Part(
        "Section 2, HCR18",
        ("models/mcprhrec/hcr.py",),
        ("hcr",),
        "kartograph train hcr",
        (f"{_OF_THEM}::test_hcr_compares_within_classes_only",),
        f"{_FAR}; categories stand for its ontology",
    ),
    Part("Section 2, HPCRec18", (_RELATIVES,), ("hpcrec",), "kartograph train hpcrec", (_ANSWERS,), _FAR),
    Part("Section 2, SEERS", (_RELATIVES,), ("seers",), "kartograph train seers", (_ANSWERS,), _FAR),
    Part(
        "Section 2, MuSIF",
        (_RELATIVES,),
        ("musif",),
        "kartograph train musif",
        (f"{_OF_THEM}::test_actions_weigh_as_musif_and_uibb_say",),
        _FAR,
    ),
    Part(
        "Section 2, SEMSRec",
        ("models/mcprhrec/semsrec.py",),
        ("semsrec",),
        "kartograph train semsrec",
        (f"{_OF_THEM}::test_semsrec_finds_items_in_the_same_company_more_alike",),
        _FAR,
    ),
    Part(
        "Section 2, HUSRec",
        ("models/mcprhrec/husrec.py",),
        ("husrec",),
        "kartograph train husrec",
        (f"{_OF_THEM}::test_husrec_prefers_the_dearer_of_two_rules_and_refuses_data_without_prices",),
        f"{_FAR}; it needs prices",
    ),
    Part(
        "Section 2, UIBB",
        (_RELATIVES,),
        ("uibb",),
        "kartograph train uibb",
        (f"{_OF_THEM}::test_actions_weigh_as_musif_and_uibb_say",),
        _FAR,
    ),
    Part(
        "Section 2, hybrid of probabilistic matrix factorisation and CNN; DeepIDRS",
        state="out of reach: they read texts of products and reviews, which no data here has",
    ),
)
