from narrator.domain import Character, Gender
from narrator.scripting.characters import find_characters, with_first_person
from narrator.scripting.languages import ENGLISH

STORY = [
    "“Good day,” said Mr. Darrow. He bowed.",
    "“Is it?” asked Helena. She did not smile.",
    "“It is,” Darrow replied. “London is dry.”",
    "In London nobody answered Helena Brock, and in London she was used to it.",
    "“I shall go,” said Mrs. Darrow, who had come in. Mrs. Darrow took her hat.",
    "“Stay,” said the porter.",
    "“Why?” asked Helena Brock.",
    "“It rains,” said the porter.",
    "“So it does,” said the porter.",
    "Darrow laughed, and he laughed alone. Later he met Helena in London.",
]


def found() -> dict[str, Character]:
    """The characters of the story by name."""
    return {c.name: c for c in find_characters(STORY, ENGLISH, "“")}


def test_speakers_are_characters_and_places_are_not():
    """Whoever has a tag is in the book; London is not."""
    assert set(found()) == {"Mr. Darrow", "Helena", "Mrs. Darrow", "The porter"}


def test_names_are_merged_with_caution():
    """Darrow is Mr. Darrow, Helena is Helena Brock, and Mrs. Darrow is somebody else."""
    assert found()["Mr. Darrow"].aliases == ("Darrow",)
    assert found()["Helena"].aliases == ("Helena Brock",)


def test_gender_comes_from_titles_names_and_pronouns():
    """Each character's gender is what the book says of them."""
    assert {n: c.gender for n, c in found().items()} == {
        "Mr. Darrow": Gender.MALE,
        "Helena": Gender.FEMALE,
        "Mrs. Darrow": Gender.FEMALE,
        "The porter": Gender.UNKNOWN,
    }


def test_mentions_are_counted():
    """Every name of a character counts, and the most mentioned come first."""
    assert next((c.name, c.n_mentions) for c in find_characters(STORY, ENGLISH, "“")) == ("Helena", 4)


def test_who_tells_the_book_is_found():
    """In a book told by I, whoever is called by a name that the narration never says is I."""
    texts = [
        "I went to see Holmes. I found him at home, and I sat down before I spoke to Holmes.",
        "“Well, Watson,” said Holmes. I smiled.",
        "“You see, Watson, it is nothing,” said Holmes, and I said that I saw.",
    ]
    watson, holmes = Character(name="Watson"), Character(name="Holmes")
    found = with_first_person([watson, holmes], texts, ENGLISH, "“")
    assert [c.aliases for c in found] == [("I",), ()]


def test_forms_of_address_are_nobody():
    """Her Ladyship is no name, a sentence ends behind `sir.`, and Dr. Hale is Hale."""
    texts = [
        "“It is late,” said Hale. We looked at her Ladyship there, and at Dr. Hale.",
        "“Yes, sir. Goes well,” said Hale. We left, Dr. Hale left, and her Ladyship too.",
        "“No, sir. Goes well,” answered Ladyship. We saw her Ladyship and Lady St. Clair; Lady St. Clair saw us.",
    ]
    people = {c.name: c.aliases for c in find_characters(texts, ENGLISH, "“")}
    assert people == {"Hale": ("Dr. Hale",), "Lady St. Clair": ()}
