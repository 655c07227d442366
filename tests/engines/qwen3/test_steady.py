"""A long run stays as large as it began."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from scripts.bench.qwen3_steady import opened, tenths


def test_tenths_are_the_same_work(tmp_path):
    """Each tenth of a run has the same frames again, so that its time and memory tell something."""
    session = opened(tmp_path, "cpu", gpu_habits=True)
    found = list(tenths(session, 40))
    session.close()
    assert len(found) == 10
    assert sum(tenth.n_frames for tenth in found) > 100
    assert all(tenth.seconds > 0 and tenth.host_mb > 100 for tenth in found)


@pytest.mark.slow
@pytest.mark.parametrize("gpu_habits", [False, True])
def test_two_thousand_lines_hold_their_memory(tmp_path, gpu_habits):
    """Behind the second tenth memory only breathes: if the sound of every line stayed, it would be 200 MB more."""
    session = opened(tmp_path, "cpu", gpu_habits=gpu_habits)
    found = list(tenths(session, 2000))
    session.close()
    assert sum(tenth.n_frames for tenth in found[2:]) * 1920 * 4 > 100 * 2**20
    assert max(tenth.host_mb for tenth in found[2:]) <= found[1].host_mb + 48
