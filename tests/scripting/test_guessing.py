import pytest

from narrator.scripting import guess_language

SAMPLES = {
    "en": "It was the best of times, it was the worst of times, and he said that she had come with them to the town. ",
    "de": "Es war einmal ein König, der hatte eine Tochter, und die war so schön, dass er sie nicht von sich ließ. ",
    "fr": "Il y avait dans le pays un homme qui vivait avec sa femme et ses filles dans une maison près de la ville. ",
    "nl": "Er was eens een man die met zijn vrouw in een huis aan het water woonde, en hij had het naar zijn zin. ",
    "es": "En un lugar de la Mancha vivía un hombre que tenía en su casa una ama y una sobrina de menos de veinte. ",
    "ja": "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
    "ru": "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_the_language_of_a_text_is_guessed(language: str):
    """A few sentences tell the language."""
    assert guess_language([SAMPLES[language] * 3], "xx") == language


def test_too_little_text_tells_no_language():
    """A line is no ground to leave the language that is given."""
    assert guess_language(["Der Mann."], "en") == "en"
