"""A few rounds of the campaign; `python tests/store/campaign.py` runs hundreds."""

from __future__ import annotations

from campaign import faulted, killed


def test_killed_loads_leave_the_old_version_or_the_new_one_and_end_at_the_next_run(store, tmp_path):
    became = killed(store, 6, 7, tmp_path)
    assert became["the new one was current"] + became["the old one was current"] == 6


def test_faults_leave_the_old_version_or_the_new_one_and_the_next_run_ends_the_load(store, tmp_path):
    assert sum(faulted(store, 4, 7, tmp_path).values()) == 4
