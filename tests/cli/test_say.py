"""narrate say."""

import json

import pytest

from narrator.cli import main


def say(*words: str) -> int:
    """The exit code of `narrate say`."""
    with pytest.raises(SystemExit) as left:
        main(["say", *words])
    return int(left.value.code or 0)


def test_say_prints_the_spoken_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Figures are said in the language that is asked for."""
    assert say("Am 3. Mai um 11:30 Uhr", "--language", "de") == 0
    assert capsys.readouterr().out == "Am dritten Mai um elf Uhr dreißig\n"


def test_say_tells_every_change_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json each change has its rule, what was printed, what is said, and where it stood."""
    text = "Henry VIII paid £5."
    assert say(text, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["spoken"] == "Henry the eighth paid five pounds."
    assert [(c["rule"], text[c["start"] : c["end"]], c["from"], c["to"]) for c in told["changes"]] == [
        ("king", "VIII", "VIII", "the eighth"),
        ("money", "£5", "£5", "five pounds"),
    ]


def test_a_language_that_nobody_counts_in_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown language ends with 2 and names the languages there are."""
    assert say("5", "--language", "tlh") == 2
    assert "--language tlh: no language that narrator can read aloud" in capsys.readouterr().err
