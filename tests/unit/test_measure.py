"""What benchmarks compute from what they measure, and that processes are measured whole."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.benchmarks import measure
from tests.benchmarks.measure import Benchmark, Command, Function, Run, Series, Spread


def series(what: str, *seconds: float) -> Series:
    return Series(what, tuple(Run(each, 2 * each, 100 * each, "ru_maxrss", {}) for each in seconds))


def hold(mib: int) -> Mapping[str, int]:
    """Fill so much memory."""
    return {"bytes": len(bytearray(b"x") * (mib * 2**20))}


HOLD_IN_TWO = """
import subprocess, sys, time
hold = "import time; held = bytearray(b'x') * (64 * 2**20); time.sleep(1)"
both = [subprocess.Popen([sys.executable, "-c", hold]) for _ in range(2)]
sys.exit(sum(each.wait() for each in both))
"""


def test_the_median_of_an_even_number_of_runs_lies_between_the_two_in_the_middle() -> None:
    assert Spread.of([4, 1, 2, 10]) == Spread(median=3, low=1, high=10)


def test_ratios_are_taken_turn_by_turn() -> None:
    # the machine was twice as slow in the second turn: the ratio does not notice
    found = measure.ratio(series("a", 2, 4, 9), series("b", 1, 2, 3))
    assert found.seconds == Spread(median=2, low=2, high=3)
    assert found.peak_mib == found.processor_seconds == found.seconds


def test_ratios_want_as_many_runs_of_both() -> None:
    with pytest.raises(ValueError, match="shorter"):
        measure.ratio(series("a", 1, 2), series("b", 1))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_number_that_was_measured(share: float, expected: int) -> None:
    assert measure.percentile(list(range(100, 0, -1)), share) == expected


def test_of_few_numbers_the_95th_percentile_is_the_greatest() -> None:
    assert measure.percentile([3.0, 1.0, 2.0], 0.95) == 3.0


@pytest.mark.parametrize(("asked", "times"), [("quick", 2), ("full", 5), ("", 2)])
def test_the_size_says_how_often_work_is_done(monkeypatch: pytest.MonkeyPatch, asked: str, times: int) -> None:
    monkeypatch.setenv("SIZE", asked)
    assert measure.runs() == times


def test_another_size_is_told_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIZE", "huge")
    with pytest.raises(SystemExit, match="'huge'; expected one of: quick, full"):
        measure.size()


def test_a_functions_memory_is_that_of_its_own_process_whatever_its_starter_holds() -> None:
    held = bytearray(b"x") * (300 * 2**20)
    small, large = measure.run(Function(hold, (1,))), measure.run(Function(hold, (100,)))
    assert len(held) > small.peak_mib * 2**20
    assert 90 < large.peak_mib - small.peak_mib < 130
    assert (large.peak_by, large.facts) == ("ru_maxrss", {"bytes": 100 * 2**20})


def test_the_memory_of_processes_that_run_together_is_added_up() -> None:
    found = measure.run(Command([sys.executable, "-c", HOLD_IN_TWO]))
    assert found.peak_by == "PSS"
    assert 128 < found.peak_mib < 200
    assert found.seconds > 1


def test_a_command_counts_the_processor_of_its_children() -> None:
    busy = "sum(range(10**7))"
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{busy}'], check=True)"
    found = measure.run(Command([sys.executable, "-c", inner]))
    assert found.processor_seconds > 0.1


def test_what_a_command_wrote_is_kept() -> None:
    assert measure.run(Command([sys.executable, "-c", "print('å')"])).output == "å\n"


def test_a_command_that_fails_ends_the_benchmark_with_its_own_words() -> None:
    with pytest.raises(SystemExit, match=r"ended with 1:\n(?s:.*)no such place"):
        measure.run(Command([sys.executable, "-c", "raise OSError('no such place')"]))


def test_a_benchmark_keeps_every_run_with_machine_versions_and_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NARVARO_DATA", str(tmp_path))
    monkeypatch.setenv("SIZE", "full")
    before: list[str] = []
    benchmark = Benchmark("example", "An example")
    benchmark.measure(
        {
            "one": Function(hold, (1,), before=lambda: before.append("one")),
            "two": Function(hold, (2,), before=lambda: before.append("two")),
        },
        times=2,
    )
    benchmark.compare("two", "one")
    told = json.loads(benchmark.finish().read_text("utf-8"))
    assert before == ["one", "two", "one", "two"]  # in turn
    assert (told["benchmark"], told["size"]) == ("example", "full")
    assert {"architecture", "processor", "cores", "memory_gib", "system"} == set(told["machine"])
    assert {"python", "duckdb", "dagster"} <= set(told["versions"])
    assert [(each["what"], len(each["runs"])) for each in told["series"]] == [("one", 2), ("two", 2)]
    one = told["series"][0]
    middle = sum(each["seconds"] for each in one["runs"]) / 2
    assert one["seconds"]["median"] == pytest.approx(middle)
    assert [(each["of"], each["to"]) for each in told["ratios"]] == [("two", "one")]
    assert "two / one" in capsys.readouterr().out
