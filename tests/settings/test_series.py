"""`extends:` one series for several books."""

from pathlib import Path

import pytest

from narrator.casting import read_cast
from narrator.casting.design import clip
from narrator.domain import Cast, Cloned
from narrator.errors import ProjectError
from narrator.production import Wishes, plan, quiet
from narrator.project import Project, open_project
from narrator.settings.series import load_project
from tests.projects import make_project

SERIES = """\
# Shared by all the books.
voices:
  reader: {tone: 220}
  high: {tone: 440, pace: 0.9}
  old: {design: "old man, gruff"}
cast:
  Narrator: reader
  Anna: {voice: high, aliases: [Miss Reed]}
  Tom: reader
lexicon: [names.yaml]
pauses: {sentence: 300ms, scene: 1s}
"""
BOOK = """\
narrate: 1
extends: ../series.yaml
book: {source: ferry.md, language: en}
voices:
  low: {tone: 110}
  high: {pace: 1.1}
cast:
  Tom: low
  Anna: low
  unknown: narrator
pauses: {scene: 2s}
lexicon: [own.yaml]
"""


def lay(root: Path, book: str = BOOK, series: str = SERIES, name: str = "series.yaml") -> Path:
    """A series and a book beside each other."""
    make_project(root / "one", project=book.replace("series.yaml", name))
    (root / name).write_text(series, "utf-8")
    (root / "names.yaml").write_text("- {word: bell, say: bill}\n- {word: boot, say: boat}\n", "utf-8")
    (root / "one" / "own.yaml").write_text("- {word: bell, say: ball}\n", "utf-8")
    return root / "one"


def test_a_book_is_laid_over_its_series(tmp_path: Path) -> None:
    """Mappings key by key, the book first; a role may change its voice and keep its aliases."""
    project = open_project(lay(tmp_path))
    options = project.options
    assert (options.pauses.sentence, options.pauses.scene) == (0.3, 2.0)
    assert (options.voices["high"].tone, options.voices["high"].pace) == (440, 1.1)
    cast = read_cast(project.document, project.root)
    assert [(r.character, r.voice.name, r.aliases) for r in cast.roles] == [
        ("narrator", "reader", ()),
        ("Anna", "low", ("Miss Reed",)),
        ("Tom", "low", ()),
    ]


def test_lexicons_are_joined_with_the_book_s_first(tmp_path: Path) -> None:
    """Each is found beside the file that names it, and the first entry for a word holds."""
    entries = open_project(lay(tmp_path)).lexicon()
    assert [(e.match, e.say) for e in entries] == [("bell", "ball"), ("bell", "bill"), ("boot", "boat")]


def test_a_voice_made_of_something_else_is_another_voice(tmp_path: Path) -> None:
    """Nothing of the series' voice stays, neither its pace nor its rights."""
    book = BOOK.replace("high: {pace: 1.1}", "high: {hibari: alto}")
    voice = open_project(lay(tmp_path, book)).options.voices["high"]
    assert (voice.hibari, voice.tone, voice.pace) == ("alto", None, 1.0)


def test_roles_tell_where_they_are_written(tmp_path: Path) -> None:
    """In the series' file or in the book's own, with line and column."""
    project = open_project(lay(tmp_path))
    where = {role.character: role.where for role in read_cast(project.document, project.root).roles}
    assert where["narrator"] == f"{tmp_path / 'series.yaml'}:7:13"
    assert where["Tom"] == f"{tmp_path / 'one' / 'project.yaml'}:8:3"


def test_recordings_and_designs_lie_beside_the_file_that_names_them(tmp_path: Path) -> None:
    """A series has one clip of a voice, and a recording that its books share."""
    clone = "  reed: {clone: {audio: voices/reed.wav, text: Hello there.}, rights: {kind: own}}\ncast:\n"
    root = lay(tmp_path, series=SERIES.replace("cast:\n", clone).replace("Tom: reader", "Tom: old"))
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "reed.wav").write_bytes(b"RIFF")
    project = open_project(root)
    (root / "project.yaml").write_text(BOOK.replace("  Tom: low\n  Anna: low\n", "  Anna: reed\n"), "utf-8")
    project = open_project(root)
    voices = {role.character: role.voice for role in read_cast(project.document, project.root).roles}
    assert isinstance(voices["Anna"].source, Cloned)
    assert voices["Anna"].source.audio == tmp_path / "voices" / "reed.wav"
    assert clip(voices["Tom"], project.root) == tmp_path / "voices" / "old.design.wav"


def cast_of(root: Path) -> Cast:
    """A book's cast."""
    project = open_project(root)
    return read_cast(project.document, project.root)


def keys(project: Project) -> list[str]:
    """The keys of a book's takes."""
    return [request.key for request in plan(project, Wishes(), quiet).requests]


def test_a_renamed_or_moved_series_records_nothing_again(tmp_path: Path) -> None:
    """Where a voice is written is no cause of any take."""
    series = SERIES.replace('  old: {design: "old man, gruff"}\n', "")
    before = keys(open_project(lay(tmp_path / "a", series=series)))
    renamed = keys(open_project(lay(tmp_path / "b", series=series, name="saga.yaml")))
    deep = lay(tmp_path / "c", BOOK.replace("../series.yaml", "../shared/series.yaml"), series)
    (tmp_path / "c" / "shared").mkdir()
    for name in ("series.yaml", "names.yaml"):
        (tmp_path / "c" / name).rename(tmp_path / "c" / "shared" / name)
    assert before == renamed == keys(open_project(deep))


def test_a_series_may_extend_another_and_keep_its_cast_in_a_file(tmp_path: Path) -> None:
    """The nearer file goes before the further one."""
    root = lay(tmp_path, series="extends: base/all.yaml\ncast: cast.yaml\npauses: {sentence: 310ms}\n")
    (tmp_path / "cast.yaml").write_text("narrator: reader\nTom: reader\nAnna: high\n", "utf-8")
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "all.yaml").write_text(SERIES.replace("lexicon: [names.yaml]\n", ""), "utf-8")
    project = open_project(root)
    assert project.options.pauses.sentence == 0.31
    roles = {r.character: r for r in read_cast(project.document, project.root).roles}
    assert roles["narrator"].where == f"{tmp_path / 'cast.yaml'}:1:1"
    assert roles["Anna"].aliases == ("Miss Reed",)


@pytest.mark.parametrize(
    ("series", "said"),
    [
        ("extends: one/project.yaml\n", "series.yaml:1:10: one/project.yaml leads back to this file"),
        ("extends: gone.yaml\n", "series.yaml:1:10: extends names no file: "),
        ("extends: 7\n", "series.yaml:1:10: extends must be the name of a file"),
        ("voices: {a: {tone: 1}\n", "series.yaml:1:9: a bracket is opened here"),
        ("voices: {a: {tone: 1, pase: 2}}\n", "series.yaml:1:23: unknown key 'pase' in voices.a; did you mean 'pace'"),
        ("cast: cast.yaml\n", "series.yaml:1:7: cast names no file: "),
        ("voices: {high: {tone: 9}}\ncast: {Bob: nobody}\n", "series.yaml:2:13: no voice is called 'nobody'"),
    ],
)
def test_mistakes_are_told_where_they_are_written(tmp_path: Path, series: str, said: str) -> None:
    """In the series' file, not in the book that extends it."""
    root = lay(tmp_path, series=series)
    with pytest.raises(ProjectError) as caught:
        cast_of(root)
    assert said in caught.value.message


def test_a_project_that_extends_nothing_is_read_as_ever(tmp_path: Path) -> None:
    """Its places are in its own file."""
    path = make_project(tmp_path)
    assert load_project(path).beside("voices", "reader") is None
    assert load_project(path).where("voices", "high") == f"{path}:5:3"
