"""What is wrong with a user's own shapes, when they can be run all the same."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule.model import VIOLATION, WARNING, Rule

RULES: Mapping[str, Rule] = {
    "shacl.import-ignored": Rule(
        WARNING,
        "owl:imports {imported}: nothing is fetched",
        "name the file that holds it with another --shapes, or remove the line",
    ),
    "shacl.not-run": Rule(
        WARNING,
        "{term} is of SHACL's Advanced Features, and is not run",
        "write the constraint in SHACL Core or with sh:sparql, or run it elsewhere",
    ),
    "shacl.term-unknown": Rule(
        WARNING,
        "{term} is no term of SHACL{hint}: it checks nothing",
        "mend the spelling, or remove the line",
    ),
    "shacl.shape-missing": Rule(
        WARNING,
        "{shape} is named as a shape and says nothing: everything conforms to it",
        "mend the name, or give the file that describes it with another --shapes",
    ),
    "shacl.nothing-checked": Rule(
        VIOLATION,
        "no shape here has a target: nothing is checked against them",
        "name a file of shapes, or give a shape sh:targetClass or another target",
    ),
}
