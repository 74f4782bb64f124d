"""Behaviour: which runs are paired. What is made of the pairs is tested with `compare_seeds`."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from firstlight._errors import UsageError
from firstlight.evaluation import Series, compare_seeds, compare_series, summarise_seeds
from firstlight.training import EpochDone, MemberRecord, RunRecord


def series(*records) -> Series:
    return Series(records[0].recipe, records)


def test_seeds_that_both_have_are_paired(keep) -> None:
    first = series(*(keep("mlp", seed, 0.98 + seed / 1000) for seed in (0, 1, 2, 5)))
    second = series(*(keep("mlp-fast", seed, 0.97) for seed in (5, 2, 1, 3)))
    result = compare_series(first, second)
    assert result.seeds == (1, 2, 5)
    assert (result.dataset, result.measured, result.train_count) == ("mnist", "test", 60_000)
    assert result.unpaired == (1, 1)
    firsts = [0.981, 0.982, 0.985]
    assert result.first == summarise_seeds(firsts)
    assert result.second == summarise_seeds([0.97] * 3)
    assert result.paired == compare_seeds(firsts, [0.97] * 3)


def test_the_newest_run_of_a_seed_counts(keep) -> None:
    old = keep("mlp", 0, 0.5)
    new = keep("mlp", 0, 0.98, started="2026-11-23T00:00:00+00:00")
    other = series(keep("mlp-fast", 0, 0.97))
    for order in ((old, new), (new, old)):
        assert compare_series(series(*order), other).first.mean == 0.98


def test_runs_that_learnt_from_as_many_images_are_paired(keep) -> None:
    whole = [keep("mlp", seed, 0.98) for seed in range(2)]
    part = [keep("mlp", seed, 0.975, validation=0.97) for seed in range(3)]
    other = [keep("mlp-fast", seed, 0.96, validation=0.95) for seed in range(3)]
    other_whole = [keep("mlp-fast", seed, 0.965) for seed in range(2)]
    more = compare_series(series(*whole, *part), series(*other, *other_whole))
    assert (more.train_count, more.seeds, more.first.mean) == (55_000, (0, 1, 2), pytest.approx(0.975))
    equal = compare_series(series(*whole, *part[:2]), series(*other, *other_whole))
    assert (equal.train_count, equal.second.mean) == (60_000, pytest.approx(0.965))


def test_validation_accuracies_where_asked_for_or_where_there_is_no_other(keep) -> None:
    tested = [keep(recipe, 0, 0.98, validation=validation) for recipe, validation in
              (("mlp", 0.97), ("mlp-fast", 0.95))]  # fmt: skip
    assert compare_series(*map(series, tested)).measured == "test"
    chosen = compare_series(*map(series, tested), measured="validation")
    assert (chosen.measured, chosen.first.mean, chosen.second.mean) == ("validation", 0.97, 0.95)
    blind = keep("mlp", 0, None, validation=0.96, started="2026-11-23T00:00:00+00:00")
    assert compare_series(series(blind), series(tested[1])).measured == "validation"


def test_an_ensemble_counts_as_a_whole_and_not_as_its_last_member(keep) -> None:
    members = (MemberRecord("cnn", 1, 10, 1.0, 1.0, 0.91), MemberRecord("cnn", 2, 10, 1.0, 1.0, 0.9))
    last = (EpochDone(1.0, 1, 0.1, 0.9, 0.9, 1.0),)
    many = [keep("ensemble", seed, 0.98, validation=0.96, members=members, history=last) for seed in range(3)]
    one = [keep("mlp", seed, 0.97, validation=0.95) for seed in range(3)]
    result = compare_series(series(*many), series(*one), measured="validation")
    assert (result.first.mean, result.second.mean) == (pytest.approx(0.96), pytest.approx(0.95))


@pytest.mark.parametrize("is_ensemble", [False, True])
def test_records_from_before_the_whole_had_a_validation_accuracy(keep, is_ensemble: bool) -> None:
    fields = keep("mlp", 0, 0.98, validation=0.96).to_json()
    del fields["validation_accuracy"]
    if is_ensemble:  # what its last member reached says nothing of it
        fields["members"] = [asdict(MemberRecord("mlp", 1, 10, 1.0, 1.0, 0.96))]
    old = json.loads(json.dumps(fields))
    assert RunRecord.from_json(old, source="here").validation_accuracy == (None if is_ensemble else 0.96)


def test_what_cannot_be_paired_is_refused(keep) -> None:
    first = series(keep("mlp", 0, 0.98), keep("mlp", 1, 0.98))
    with pytest.raises(
        UsageError, match="mlp has seeds 0, 1 with 60,000 images, mlp-fast has seed 4 with 60,000"
    ):
        compare_series(first, series(keep("mlp-fast", 4, 0.97)))
    with pytest.raises(
        UsageError, match=r"No validation accuracy of the same seed.*Train both with the same seeds and --val"
    ):
        compare_series(first, series(keep("mlp-fast", 0, 0.97)), measured="validation")
    with pytest.raises(UsageError, match=r"got mnist for mlp and kmnist for mlp-fast. Choose one: --dataset"):
        compare_series(first, series(keep("mlp-fast", 0, 0.97, dataset="kmnist")))
