"""Rules for the evidence beside the data."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule.model import VIOLATION, WARNING, Rule

RULES: Mapping[str, Rule] = {
    # Evidence.
    "evidence.statement": Rule(
        VIOLATION,
        "{subject} does not have exactly one subject, predicate and object",
        "write the evidence anew from the pages",
    ),
    "evidence.basis": Rule(
        VIOLATION, "{subject} does not say whether it rests on a page or is curated", "write the evidence anew"
    ),
    "evidence.quote-missing": Rule(VIOLATION, "{subject} rests on a page and has no quote", "quote the page"),
    "evidence.source-missing": Rule(
        VIOLATION, "{subject} is curated and names no source", "fill the cell 'source' of the claim"
    ),
    "evidence.selector": Rule(
        VIOLATION, "the quote {subject} lacks its page, its words or its range", "write the evidence anew"
    ),
    "evidence.not-in-page": Rule(
        VIOLATION,
        "the quote {quote} does not stand at {start} to {end} of its page",
        "write the evidence anew from the pages",
    ),
    "evidence.unstated": Rule(
        VIOLATION, "{claim} is not stated in the data", "load data and evidence of one version together"
    ),
    "evidence.missing": Rule(
        WARNING, "nothing shows what this rests on: {statement}", "add a claim with a quote, or with its source"
    ),
}
