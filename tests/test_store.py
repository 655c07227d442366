"""The take store keeps what it was given and notices what it did not."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from narrator.errors import ExitCode, LockedError, ProjectError
from narrator.files import PARTIAL
from narrator.store import Recording, Store

HOLDER = """
import sys
from pathlib import Path
from narrator.store import Store
with Store(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def recording(key: str = "ab" * 32, data: bytes = b"sound") -> Recording:
    """A take on its way into the store."""
    return Recording(key=key, recipe="{}", made="{}", data=data, n_samples=5, sample_rate_hz=24_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / ".narrate")


def test_take_is_found_again(store: Store) -> None:
    """What was put under a key is found under it, by another reader too."""
    take = store.put(recording())
    assert Store(store.folder).find(take.key) == take
    assert take.path.read_bytes() == b"sound"


def test_first_take_of_a_key_stays(store: Store) -> None:
    """A second writer of the same key is given the first one's take."""
    first = store.put(recording())
    assert store.put(recording(data=b"other")) == first


def test_takes_are_stored_together_as_alone(store: Store, tmp_path: Path) -> None:
    """A group of takes, equal sounds and a known key among them, stands as if each had been put by itself."""
    group = [recording(f"{n:02}" * 32, data=b"sound %d" % (n % 3)) for n in range(8)]
    known = store.put(recording("03" * 32, data=b"first"))
    together = store.put_together(group)
    assert together[3] == known
    alone = Store(tmp_path / "alone")
    alone.put(recording("03" * 32, data=b"first"))
    assert [take.object for take in together] == [alone.put(each).object for each in group]
    assert sorted(p.name for p in store.folder.rglob("*.*")) == sorted(p.name for p in alone.folder.rglob("*.*"))


def test_no_record_of_a_group_precedes_its_objects(store: Store) -> None:
    """Where the objects of a group cannot all be written, none of its takes is recorded."""
    (store.folder / "objects").mkdir(parents=True)
    store._object(hashlib.sha256(b"two").hexdigest()).parent.touch()  # a file where its folder should be
    with pytest.raises(NotADirectoryError):
        store.put_together([recording("aa" * 32, data=b"one"), recording("bb" * 32, data=b"two")])
    assert store.find("aa" * 32) is None
    assert not list(store.folder.rglob("*.json"))


def test_equal_sound_is_kept_once(store: Store) -> None:
    """Two keys with the same bytes share one object."""
    one, two = store.put(recording("aa" * 32)), store.put(recording("bb" * 32))
    assert one.path == two.path


@pytest.mark.parametrize("damage", [b"", b"sounD", b"sound and more"])
def test_damaged_sound_is_set_aside(store: Store, damage: bytes) -> None:
    """Bytes that changed on disk are noticed, set aside, and can be made again."""
    take = store.put(recording())
    take.path.chmod(0o644)
    take.path.write_bytes(damage)
    assert not store.sound(take)
    assert store.find(take.key) is None
    assert store.sound(store.put(recording()))


def test_a_death_while_damage_is_set_aside_hides_none_of_it(store: Store) -> None:
    """Whoever dies between the two moves leaves no damaged object for the next take of equal sound to be named by."""

    class Dying(Store):
        def _set_aside(self, path: Path) -> None:
            super()._set_aside(path)
            raise InterruptedError

    take = store.put(recording())
    take.path.chmod(0o644)
    take.path.write_bytes(b"sounD")
    with pytest.raises(InterruptedError):
        Dying(store.folder).sound(take)
    assert store.find(take.key) is None
    assert store.sound(store.put(recording()))


def test_torn_record_is_no_take(store: Store) -> None:
    """Half a record counts as none and does not stand in the way."""
    take = store.put(recording())
    path = store.folder / "takes" / take.key[:2] / f"{take.key}.json"
    path.write_text(path.read_text("utf-8")[:20], "utf-8")
    assert store.find(take.key) is None
    assert store.put(recording()) == take


def test_record_without_sound_is_no_take(store: Store) -> None:
    """A record whose object is gone is made again."""
    take = store.put(recording())
    take.path.unlink()
    assert store.find(take.key) is None
    assert store.put(recording(data=b"again")).path.read_bytes() == b"again"


def test_a_record_can_be_read_by_people(store: Store) -> None:
    """A record holds the recipe and the provenance in clear."""
    take = store.put(recording())
    record = json.loads((store.folder / "takes" / take.key[:2] / f"{take.key}.json").read_text("utf-8"))
    assert {"recipe", "made", "object"} <= set(record)


def test_second_holder_is_refused(store: Store) -> None:
    """While one process holds the project another gets exit code 11 and is told who holds it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"pid {holder.pid}") as refused, store.locked():
            pass
        assert refused.value.exit_code is ExitCode.LOCKED
        holder.kill()
    with store.locked():
        pass  # the kernel let go of a killed holder's lock


def test_leftovers_are_swept_under_the_lock(store: Store) -> None:
    """Half-written files of a killed build disappear with the next one."""
    take = store.put(recording())
    leftover = take.path.with_name(f"{PARTIAL}123.flac")
    leftover.write_bytes(b"half")
    with store.locked():
        assert not leftover.exists()
        assert take.path.exists()


def test_unknown_format_is_refused(store: Store) -> None:
    """A store of another version is refused by name, not guessed at."""
    store.folder.mkdir()
    (store.folder / "VERSION").write_text("99\n", "utf-8")
    with pytest.raises(ProjectError, match="format 99"), store.locked():
        pass


def test_record_is_the_commit_point(store: Store) -> None:
    """An object without its record is no take: a kill between the two loses nothing and repeats nothing."""
    take = store.put(recording())
    record = store.folder / "takes" / take.key[:2] / f"{take.key}.json"
    content = json.loads(record.read_text("utf-8"))
    os.unlink(record)  # noqa: PTH108
    assert store.find(take.key) is None
    assert store.put(recording()).object == content["object"]
